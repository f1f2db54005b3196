package desk_test

import (
	"testing"

	"plumbline/internal/desk"
)

// Passwords that are made as most people make theirs are refused, whatever is written large, with digits or with signs; others are not.
func TestCommonPasswords(t *testing.T) {
	avoid := []string{"Ann", "Exampleshire", "Adeyemi"}
	for _, bad := range []string{
		"short", "password1234", "Password2026!", "P@ssw0rd2026!", "Welcome12345", "letmein123456", "qwertyuiop12", "1qaz2wsx3edc", "qwerty123456", "asdfghjkl;'#1", "zxcvbnm12345", "poiuytrewq09",
		"123456789012", "098765432109", "abcdefghijkl", "zyxwvutsrqpo", "aaaaaaaaaaaa", "aaabbbcccddd", "abcabcabcabc", "hello hello hello", "Summer2026!!", "Autumn2026Autumn", "November2026", "Monday22112026", "Liverpool1892",
		"Arsenal123456", "ManchesterUnited1", "Exampleshire2026", "Exampl3shir3!!", "ExampleshireCouncil1", "Adeyemi19751975", "ChildrensServices1"[:16], "iloveyou2026", "Football2026!", "changeme1234", "P4$$w0rdP4$$w0rd", "AdminAdminAdmin1", "master12345678", "Christmas2025!",
	} {
		if desk.CheckPassword(bad, avoid...) == "" {
			t.Errorf("%q is taken", bad)
		}
	}
	for _, good := range []string{
		"correct horse battery staple", "another long secret phrase", "wobble-gasket-thimble", "Tr7#kPz0vQm2x", "kettle under nine bridges", "zmk3vr8q1xtw", "drei Wörter, die nicht passen", "my cat ate 4 green biscuits", "teapot2026lagoon marmot",
	} {
		if x := desk.CheckPassword(good, avoid...); x != "" {
			t.Errorf("%q: %s", good, x)
		}
	}
}
