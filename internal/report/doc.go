// Package report makes documents: pure functions from a view, and what rule and assure found in it, to a Document of sections,
// tables and figures. How a Document looks as text, Markdown or a page is for exchange and web.
//
// Beside documents it gives the facts behind pages as plain structs: who has held a role through time (Tenure), what differs (Changes), whether
// anybody is not covered (Cover), what needs somebody (Attention), what is coming, what was recorded, and the sheets of a post, a unit, a function and a
// role. Their order and their words are settled here, so that a page only lays them out and every page says the same.
//
// It must never import book, read a clock or touch a disk, so that every document can be made again from the days it names.
// Beside the Document most reports have a plain struct with JSON names: what a program reads instead.
package report
