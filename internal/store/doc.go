// Package store holds the engines that keep the record and the desk beside it: SQLite, in one file each. Beside them stand the doubles that
// tests need: Faulty and FaultyDesk, which fail before or after they have persisted, and Panicking, which is not to be touched.
//
// It knows files, transactions and SQL, and is the only room that does. It must never know what the bytes mean that it
// keeps: no hash is computed and no entry parsed here. It imports fact, for its errors, and ledger and desk, whose
// Stores it serves.
//
// Who may call it: cmd/plumbline and tests. Engines share no SQL; what they share is the contract, and
// contract_test.go and desk_test.go are those contracts.
package store
