// Package exchange turns documents into bytes and bytes into changes, a file a format.
//
// It knows what text, Markdown and JSON look like, and nothing of what is written in them. It must never reach the record: what it
// writes it was handed, and what it reads it hands on to book.
package exchange
