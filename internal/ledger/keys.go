package ledger

import (
	"bufio"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"plumbline/internal/fact"
)

// Keys are the keys with which the checkpoints of one record are signed, the newest last. The older ones are
// kept because a rotation is finished only when the record says so.
type Keys struct {
	origin string
	keys   []key
}

type key struct {
	secret   string // as the key file has it: PRIVATE+KEY+plumbline/…
	verifier string // the public half, as a verifier is given it
	note.Signer
}

// KeyPath says where the keys of a record lie: beside it.
func KeyPath(record string) string { return record + ".key" }

// NewKeys makes the first key of a new record, and with it the record's origin: "plumbline/0123456789abcdef".
func NewKeys() (*Keys, error) {
	var b [8]byte
	rand.Read(b[:]) // never fails
	k := &Keys{origin: "plumbline/" + hex.EncodeToString(b[:])}
	return k.Rotated()
}

// Rotated gives the keys with a new one added. Save it before Ledger.Rotate: a key that signed must never be lost.
func (k *Keys) Rotated() (*Keys, error) {
	secret, _, err := note.GenerateKey(rand.Reader, k.origin)
	if err != nil {
		return nil, fmt.Errorf("make key: %w", err)
	}
	one, err := parseKey(secret)
	if err != nil {
		return nil, err
	}
	return &Keys{k.origin, append(k.keys[:len(k.keys):len(k.keys)], one)}, nil
}

func parseKey(secret string) (key, error) {
	s, err := note.NewSigner(secret)
	if err != nil {
		return key{}, fmt.Errorf("it is not a note signing key: %w", fact.ErrInvalid)
	}
	// The secret is PRIVATE+KEY+name+hash+base64 of 1 (for Ed25519) and the seed, which may have a + too; NewSigner has checked all of it.
	seed, err := base64.StdEncoding.DecodeString(strings.SplitN(secret, "+", 5)[4])
	if err != nil {
		return key{}, fmt.Errorf("read key: %w", err)
	}
	public := ed25519.NewKeyFromSeed(seed[1:]).Public().(ed25519.PublicKey)
	verifier, err := note.NewEd25519VerifierKey(s.Name(), public)
	if err != nil {
		return key{}, fmt.Errorf("read key: %w", err)
	}
	return key{secret, verifier, s}, nil
}

// Origin is the name of the record that the keys belong to.
func (k *Keys) Origin() string { return k.origin }

// Verifier is the public half of the newest key: what an outside verifier has to be given.
func (k *Keys) Verifier() string { return k.newest().verifier }

func (k *Keys) newest() key { return k.keys[len(k.keys)-1] }

// find gives the key with that public half.
func (k *Keys) find(verifier string) (key, bool) {
	if k == nil {
		return key{}, false
	}
	for _, one := range k.keys {
		if one.verifier == verifier {
			return one, true
		}
	}
	return key{}, false
}

// with gives these keys, and before them those of others that are not among them.
func (k *Keys) with(others *Keys) *Keys {
	all := &Keys{origin: k.origin}
	if others != nil {
		for _, one := range others.keys {
			if _, ok := k.find(one.verifier); !ok {
				all.keys = append(all.keys, one)
			}
		}
	}
	all.keys = append(all.keys, k.keys...)
	return all
}

// LoadKeys reads a key file. One that other people of the machine could read is refused.
func LoadKeys(path string) (*Keys, error) {
	f, err := os.Open(path) // #nosec G304 -- beside the record that whoever runs the program named
	if err != nil {
		return nil, fmt.Errorf("read key: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("read key: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("read key: others on this machine can read or change %s (its mode is %04o); say: chmod 600 %s: %w", path, info.Mode().Perm(), path, fact.ErrDenied)
	}
	k := new(Keys)
	lines := bufio.NewScanner(f)
	for n := 1; lines.Scan(); n++ {
		one, err := parseKey(lines.Text())
		if err != nil {
			return nil, fmt.Errorf("read key: %s, line %d: %w", path, n, err)
		}
		if k.origin != "" && one.Name() != k.origin {
			return nil, fmt.Errorf("read key: %s, line %d: it is a key of %s, the ones before are of %s: %w", path, n, one.Name(), k.origin, fact.ErrInvalid)
		}
		k.origin = one.Name()
		k.keys = append(k.keys, one)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read key: %s: %w", path, err)
	}
	if len(k.keys) == 0 {
		return nil, fmt.Errorf("read key: %s is empty: %w", path, fact.ErrInvalid)
	}
	return k, nil
}

// Save writes the key file, mode 0600. A file that is there is replaced only by one that has all of its keys.
func (k *Keys) Save(path string) error {
	var text strings.Builder
	for _, one := range k.keys {
		text.WriteString(one.secret + "\n")
	}
	switch old, err := os.ReadFile(path); { // #nosec G304 -- as in LoadKeys
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return fmt.Errorf("save key: %w", err)
	case !strings.HasPrefix(text.String(), string(old)):
		return fmt.Errorf("save key: %s holds other keys, and a key that is lost cannot be made again: %w", path, fact.ErrDenied)
	}
	// Written beside, made durable, then moved into place: at no moment is there half a key file.
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*") // mode 0600
	if err != nil {
		return fmt.Errorf("save key: %w", err)
	}
	defer os.Remove(f.Name()) // gone already if all went well
	_, err = f.WriteString(text.String())
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err == nil {
		err = syncDir(filepath.Dir(path))
	}
	if err != nil {
		return fmt.Errorf("save key: %w", err)
	}
	return nil
}

// syncDir makes a rename durable.
func syncDir(dir string) error {
	d, err := os.Open(dir) // #nosec G304 -- as in LoadKeys
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
