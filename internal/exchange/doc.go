// Package exchange turns documents and tables into bytes and bytes into changes, a file a format.
//
// It knows what text, Markdown, CSV and spreadsheets look like, and what the columns of a kind are called. It must never reach the record: what
// it writes it was handed or sees in a View, and what it reads it hands on to book.
package exchange
