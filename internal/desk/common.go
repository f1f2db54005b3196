package desk

import "strings"

// What is here is no list of the passwords that people use most. It is how such passwords are made, so that those of 12 characters and more are found by their pieces: words
// that many choose, months, seasons and clubs, years, walks over the keyboard, the alphabet, and the same again and again. One that leaked and is made of none of these
// is not found.

// words are pieces that many choose, in lower case. Those with fewer than four letters say nothing.
var words = strings.Fields(`
	password passwort passphrase passcode secret welcome letmein login signin admin administrator manager master access account user guest test temp temporary default change changeme please hello
	plumbline council borough county district office service services gov directorate children adults education social care housing staff work computer laptop internet windows microsoft google office365 outlook teams
	love iloveyou lovely sunshine princess monkey dragon shadow football rugby cricket tennis baseball superman batman starwars pokemon whatever trustno mustang freedom flower summer autumn winter spring christmas easter holiday weekend
	january february march april june july august september october november december monday tuesday wednesday thursday friday saturday sunday birthday family mother father daughter
	liverpool arsenal chelsea everton tottenham manchester united city newcastle westham astonvilla leeds celtic rangers england scotland wales london britain british yorkshire
	charlie jessica jordan thomas daniel michael george harry william james oliver jack sophie emily hannah chocolate cheese banana orange purple yellow silver golden diamond coffee tiger lion bear puppy kitten rabbit guitar samsung apple iphone android`)

// walks are what fingers do by themselves; either way, four steps and more count.
var walks = []string{"qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "abcdefghijklmnopqrstuvwxyz", "1qaz2wsx3edc4rfv5tgb", "qazwsxedcrfvtgb"}

// signs are letters as people write them with signs and digits.
var signs = strings.NewReplacer("0", "o", "1", "i", "3", "e", "4", "a", "5", "s", "7", "t", "@", "a", "$", "s", "!", "i", "€", "e", "+", "t")

// unguessed is how many letters and digits of a password are left without the pieces that anybody would try, however they are written.
func unguessed(password string, avoid ...string) int {
	low := strings.ToLower(password)
	return min(uncovered(letters(low), avoid), uncovered(letters(signs.Replace(low)), avoid))
}

func uncovered(s string, avoid []string) int {
	all := []rune(unrepeated(s))
	covered := make([]bool, len(all))
	cover := func(piece string) {
		p := []rune(piece)
		for i := 0; i+len(p) <= len(all); i++ {
			if string(all[i:i+len(p)]) == piece {
				for j := range p {
					covered[i+j] = true
				}
			}
		}
	}
	for _, w := range append(words[:len(words):len(words)], avoid...) {
		if w = letters(w); len([]rune(w)) > 3 {
			cover(w)
		}
	}
	const step = 4
	for i := range all {
		end := min(i+step, len(all))
		piece := string(all[i:end])
		year := end == i+step && (strings.HasPrefix(piece, "19") || strings.HasPrefix(piece, "20")) && strings.Trim(piece, "0123456789") == ""
		if year {
			cover(piece)
		}
		for _, w := range walks {
			if end == i+step && (strings.Contains(w, piece) || strings.Contains(reversed(w), piece)) {
				cover(piece)
			}
		}
		if i >= 2 && all[i] == all[i-1] && all[i] == all[i-2] {
			covered[i], covered[i-1], covered[i-2] = true, true, true
		}
	}
	n := 0
	for _, c := range covered {
		if !c {
			n++
		}
	}
	return n
}

// unrepeated gives the piece of which a text is the repetition, or the text.
func unrepeated(s string) string {
	r := []rune(s)
	for n := 1; n <= len(r)/2; n++ {
		if len(r)%n == 0 && strings.Repeat(string(r[:n]), len(r)/n) == s {
			return string(r[:n])
		}
	}
	return s
}

func reversed(s string) string {
	r := []rune(s)
	for i, j := 0, len(r)-1; i < j; i, j = i+1, j-1 {
		r[i], r[j] = r[j], r[i]
	}
	return string(r)
}
