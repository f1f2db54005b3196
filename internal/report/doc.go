// Package report makes documents: pure functions from a view, and what rule and assure found in it, to a Document of sections,
// tables and figures. How a Document looks as text, Markdown or a page is for exchange and web.
//
// It must never import book, read a clock or touch a disk, so that every document can be made again from the days it names.
// Beside the Document most reports have a plain struct with JSON names: what a program reads instead.
package report
