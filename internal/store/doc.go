// Package store holds the engines that keep the record: SQLite in one file. Beside it stand the doubles that tests need:
// Faulty, which fails before or after it has persisted, and Panicking, which is not to be touched.
//
// It knows files, transactions and SQL, and is the only room that does. It must never know what the bytes mean that it
// keeps: no hash is computed and no entry parsed here. It imports fact, for its errors, and ledger, whose
// Store it serves.
//
// Who may call it: cmd/plumbline and tests. Engines share no SQL; what they share is the contract, and
// contract_test.go is that contract.
package store
