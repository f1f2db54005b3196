package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"sync"
)

// asset is a file that is the same for everybody. Its address changes with its content, so that browsers may keep it for ever.
type asset struct {
	address, mime string
	content       []byte
	small         func() []byte // the same, compressed
}

// built is what make has made of styles and scripts. Without npm it is empty, and pages are plain.
//
//go:embed front/built
var built embed.FS

//go:embed icon.svg
var drawn embed.FS

var (
	style  = newAsset(built, "front/built/app.css", "text/css; charset=utf-8")
	script = newAsset(built, "front/built/app.js", "text/javascript; charset=utf-8")
	icon   = newAsset(drawn, "icon.svg", "image/svg+xml")
)

// forEver says that what is at an address never changes.
const forEver = "public, max-age=31536000, immutable"

func newAsset(from embed.FS, file, mime string) asset {
	b, err := from.ReadFile(file)
	if err != nil {
		return asset{}
	}
	sum := sha256.Sum256(b)
	name, ext := path.Base(file), path.Ext(file)
	small := sync.OnceValue(func() []byte { return smallest(b) })
	return asset{"/" + name[:len(name)-len(ext)] + "-" + hex.EncodeToString(sum[:8]) + ext, mime, b, small}
}

func (a asset) missing() bool { return a.address == "" }

func (a asset) serve(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Content-Type", a.mime)
	w.Header().Set("Cache-Control", forEver)
	content := a.content
	if unpacks(r) {
		w.Header().Set("Content-Encoding", "gzip")
		content = a.small()
	}
	_, _ = w.Write(content) // the reader may have gone
	return nil
}
