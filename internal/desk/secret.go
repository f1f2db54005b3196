package desk

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"plumbline/internal/fact"
)

// Limits on a password, in characters. Any character is allowed, spaces too, and nothing is cut off.
const (
	MinPassword = 12
	MaxPassword = 128
)

// What argon2id is told: memory in KiB, passes, lanes (OWASP Password Storage Cheat Sheet: 19 MiB, 2, 1), and the lengths of salt and hash in bytes. A
// hash names those it was made with, so they can be raised later.
const (
	hashMemory = 19 * 1024
	hashTime   = 2
	hashLanes  = 1
	saltLength = 16
	hashLength = 32
)

// hashing holds as many hashes at a time as there is memory meant for: 4 of 19 MiB. Whoever tries passwords in bulk waits in line.
var hashing = make(chan struct{}, 4)

// derive hashes a password. It fails only where the context ends while others are before it.
func derive(ctx context.Context, password string, salt []byte, memory, time uint32, lanes uint8, length uint32) ([]byte, error) {
	select {
	case hashing <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-hashing }()
	return argon2.IDKey([]byte(password), salt, time, memory, lanes, length), nil
}

// hashed writes a password as it is kept: $argon2id$v=19$m=19456,t=2,p=1$salt$hash.
func hashed(ctx context.Context, password string) (string, error) {
	salt := make([]byte, saltLength)
	rand.Read(salt)
	h, err := derive(ctx, password, salt, hashMemory, hashTime, hashLanes, hashLength)
	if err != nil {
		return "", err
	}
	b := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, hashMemory, hashTime, hashLanes, b(salt), b(h)), nil
}

// nobody is the hash of no password. Where there is no account, or none with a password, it is compared all the same, so that the time that
// an answer takes does not tell.
var nobody = fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, hashMemory, hashTime, hashLanes, strings.Repeat("A", 22), strings.Repeat("A", 43))

// matches compares a password with a hash in a time that says nothing of how alike they are.
func matches(ctx context.Context, password, kept string) (bool, error) {
	none := kept == ""
	if none {
		kept = nobody
	}
	parts := strings.Split(kept, "$")
	var version int
	var memory, time uint32
	var lanes uint8
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, fmt.Errorf("read password hash: %w", fact.ErrCorrupt)
	}
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &time, &lanes); err != nil || version != argon2.Version {
		return false, fmt.Errorf("read password hash: %w", fact.ErrCorrupt)
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	want, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(want) == 0 {
		return false, fmt.Errorf("read password hash: %w", fact.ErrCorrupt)
	}
	got, err := derive(ctx, password, salt, memory, time, lanes, uint32(len(want)))
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1 && !none, nil
}

// CheckPassword says what is wrong with a new password, as a sentence for the one who typed it, or nothing. avoid are words that are too easily guessed here: the
// name of the person, of the council, of the program.
func CheckPassword(password string, avoid ...string) string {
	n := utf8.RuneCountInString(password)
	switch {
	case !utf8.ValidString(password):
		return "Type the password in letters, digits and signs."
	case n < MinPassword:
		return fmt.Sprintf("The password must be at least %d characters long. Three words that do not belong together are easy to remember.", MinPassword)
	case n > MaxPassword:
		return fmt.Sprintf("The password must be at most %d characters long.", MaxPassword)
	}
	different := map[rune]bool{}
	for _, r := range password {
		different[r] = true
	}
	if len(different) < 5 {
		return "The password has too few different characters. Three words that do not belong together are easy to remember."
	}
	if unguessed(password, avoid...) < 6 { // what is left must still be long
		return "The password is too easy to guess: it is mostly a name, words that many people use, a date, or keys that lie side by side. Three words that do not belong together are easy to remember."
	}
	return ""
}

// letters are the letters and digits of a text in lower case.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// newSecret makes what is given to somebody once, and fingerprint is how it is kept: who reads the desk cannot use it.
func newSecret() string { return rand.Text() }

func fingerprint(secret string) string {
	h := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(h[:])
}
