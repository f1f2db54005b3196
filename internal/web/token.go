package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"plumbline/internal/access"
	"plumbline/internal/book"
	"plumbline/internal/desk"
	"plumbline/internal/fact"
	"plumbline/internal/govuk"
	"plumbline/internal/kind"
	"plumbline/internal/report"
)

const tokensPath = "/account/tokens"

// toLoad is the purpose of a draft that is no form, but a manifest that a program sent: it makes sure that what is sent twice is recorded once.
const toLoad = "load"

// challenge is what an answer says to a program that has no token, or none that lets in.
const challenge = `Bearer realm="Plumbline"`

// errForPeople is what a program is told that asks for what is not for programs.
var errForPeople = &trouble{kind: fact.ErrDenied, text: "This is not for programs: a token reads the record, and may record what a file says. Sign in as a person."}

// bearer gives the token that a request bears, if it bears one. It is taken from nowhere else: an address is kept in logs, and a cookie is sent by
// whichever page has a browser ask.
func bearer(r *http.Request) (secret string, ok bool) {
	scheme, secret, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	return strings.TrimSpace(secret), ok && strings.EqualFold(scheme, "Bearer")
}

// letProgramIn puts around the pages the program that asks for them, as the person whose token it has: with what they may do at this moment, but for keeping
// accounts and erasing. There is no session and no cookie.
func (s *Site) letProgramIn(pages http.Handler, secret string) http.Handler {
	return s.answered(func(w http.ResponseWriter, r *http.Request) error {
		t, a, err := s.Desk.LetIn(r.Context(), secret)
		if errors.Is(err, desk.ErrSignIn) {
			from := s.from(r, triedToken)
			if s.tries.full(s.Now(), from...) { // those that let in are never refused: whoever sends others may do so from the same address
				s.security(r, "token refused", "why", "too many tries")
				w.Header().Set("Retry-After", "900")
				return sendJSON(w, http.StatusTooManyRequests, map[string]any{"error": "Too many tokens that let nobody in came from this address. Wait 15 minutes."})
			}
			s.tries.count(s.Now(), from...)
			s.security(r, "token refused")
			w.Header().Set("WWW-Authenticate", challenge+`, error="invalid_token"`)
			return sendJSON(w, http.StatusUnauthorized, map[string]any{"error": "This token lets nobody in: it is not one, it has ended, or the account has. Its owner can make another one under Your work, Tokens for programs."})
		}
		if err != nil {
			return err
		}
		s.security(r, "token used", "account", a.ID, "token", t.ID, "method", r.Method)
		v := &visitor{Person: s.Book.Who(a.ID).Without(access.Administer, access.Erase), Account: a, Token: t}
		r = r.WithContext(context.WithValue(r.Context(), visitorKey{}, v))
		if !s.slow(w, r, string(a.ID)) {
			pages.ServeHTTP(w, r)
		}
		return nil
	})
}

func sendJSON(w http.ResponseWriter, status int, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(append(b, '\n')) // the reader may have gone
	return nil
}

// tokensPage lists the tokens of the reader.
type tokensPage struct {
	Lead   []string
	Tokens []heldRole
	New    link
}

// tokenWords says what a token is.
func tokenWords(t *desk.Token) string {
	does, used := "reads", "not used yet"
	if t.Change {
		does = "reads and records changes"
	}
	if t.Used != 0 {
		used = "last used on " + t.Used.Words()
	}
	return fmt.Sprintf("%s: %s, made on %s, %s, ends on %s", t.Name, does, fact.DayIn(t.Made).Words(), used, t.Ends.Words())
}

func (s *Site) tokens(w http.ResponseWriter, r *http.Request) error {
	all, err := s.Desk.Tokens(r.Context(), s.whoIs(r))
	if err != nil {
		return err
	}
	body := &tokensPage{New: link{"Make a token", tokensPath + "/new"}, Lead: []string{
		"With a token a program reads the record as you do, without your password: a spreadsheet that refreshes itself, or the council's website. It may never do more than you may at that moment, and never keeps accounts, erases, or does anything else that asks again who it is.",
		"Signing out everywhere or changing your password ends no token. End those that you do not need.",
	}}
	for _, t := range all {
		body.Tokens = append(body.Tokens, heldRole{Words: tokenWords(t), Action: tokensPath + "/" + url.PathEscape(t.ID) + "/end", Button: "End this token"})
	}
	return s.render(w, s.plainLook(r), &page{Template: "tokens", Heading: "Tokens for programs", Undated: true, Narrow: true, Back: "/account", Body: body})
}

// What the form of a new token asks.
const (
	inputScopeOf = "scope"
	scopeRead    = "read"
	scopeChange  = "change"
)

func (s *Site) newToken(w http.ResponseWriter, r *http.Request) error {
	return s.render(w, s.plainLook(r), s.newTokenPage(r))
}

func (s *Site) newTokenPage(r *http.Request, wrong ...fieldProblem) *page {
	message := messages(wrong)
	scope := govuk.Radios{Name: inputScopeOf, Value: r.PostFormValue(inputScopeOf), ErrorMessage: govuk.ErrorMessage{Text: message[inputScopeOf]}, Fieldset: govuk.Fieldset{Legend: govuk.Legend{Text: "What may it do?"}}, Items: []govuk.Radio{
		{Text: "Read only", Value: scopeRead, Hint: govuk.Hint{Text: "Pages and files, as you see them."}},
		{Text: "Read, and record changes", Value: scopeChange, Hint: govuk.Hint{Text: "What it records stands in the record under your name."}},
	}}
	last := fact.DayIn(s.Now()) + desk.TokenLasts
	f := &accountForm{
		Lead:   []string{"The token is shown once, on the next page. Whoever has it can do with it what you allow here."},
		Action: tokensPath + "/new", Button: "Make token",
		Fields: textBox(inputName, "What is it for?", "For example “the list of posts on the intranet”.", r.PostFormValue(inputName), message[inputName]) + scope.Render() +
			textBox(inputEnds, "Last day", "The last day on which it can be used, within a year: at the latest "+last.Words()+".", r.PostFormValue(inputEnds), message[inputEnds]),
	}
	p := accountPageOf("Make a token", f, wrong...)
	p.Back = tokensPath
	return p
}

func (s *Site) newTokenSent(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return tooLarge(err)
	}
	l, v := s.plainLook(r), s.visitor(r)
	given := desk.Token{Owner: v.Who, Name: strings.TrimSpace(r.PostFormValue(inputName)), Change: r.PostFormValue(inputScopeOf) == scopeChange}
	var wrong []fieldProblem
	if given.Name == "" {
		wrong = append(wrong, fieldProblem{inputName, "Enter what it is for."})
	} else if len([]rune(given.Name)) > 100 {
		wrong = append(wrong, fieldProblem{inputName, "What it is for must be 100 characters or fewer."})
	}
	if x := r.PostFormValue(inputScopeOf); x != scopeRead && x != scopeChange {
		wrong = append(wrong, fieldProblem{inputScopeOf, "Choose what it may do."})
	}
	last := fact.DayIn(s.Now()) + desk.TokenLasts
	ends, more := s.readEnds(r)
	switch {
	case len(more) > 0:
		wrong = append(wrong, more...)
	case ends == 0:
		wrong = append(wrong, fieldProblem{inputEnds, "Enter the last day on which it can be used."})
	case ends > last:
		wrong = append(wrong, fieldProblem{inputEnds, "The last day must be within a year: " + last.Words() + " or earlier."})
	}
	if given.Ends = ends; len(wrong) > 0 {
		return s.render(w, l, s.newTokenPage(r, wrong...))
	}
	secret, err := s.Desk.NewToken(r.Context(), given)
	if errors.Is(err, desk.ErrFull) {
		return &trouble{kind: fact.ErrInvalid, text: fmt.Sprintf("You have %d tokens, which is as many as can be. End one that is not used any more.", desk.MaxTokens), links: []link{{"Tokens for programs", tokensPath}}}
	}
	if err != nil {
		return err
	}
	s.security(r, "token made", "account", v.Who, "change", given.Change, "ends", given.Ends.String())
	f := &accountForm{Lead: []string{
		"Copy the token now: it is not shown again. Keep it as you would a password, and give it to that program alone.",
		secret,
		"A program sends it with each request, in the header “Authorization”, after the word “Bearer”.",
	}, After: []link{{"Tokens for programs", tokensPath}}}
	return s.render(w, l, accountPageOf("Your token", f))
}

func (s *Site) endToken(w http.ResponseWriter, r *http.Request) error {
	who, id := s.whoIs(r), r.PathValue("token")
	err := s.Desk.EndToken(r.Context(), who, id)
	if errors.Is(err, fact.ErrNotFound) {
		return &trouble{kind: fact.ErrNotFound, text: "There is no such token. It may have ended.", links: []link{{"Tokens for programs", tokensPath}}}
	}
	if err != nil {
		return err
	}
	s.security(r, "token ended", "account", who, "token", id)
	redirect(w, r, tokensPath, http.StatusSeeOther)
	return nil
}

// maxKey is how long the key may be by which a repeated request is known, in bytes.
const maxKey = 200

// loadSent records the manifest that a program sends: all of it, or nothing. With the same Idempotency-Key it is recorded once, however often it is sent within
// the week for which desk.Keep remembers.
func (s *Site) loadSent(w http.ResponseWriter, r *http.Request) error {
	v := s.visitor(r)
	switch {
	case v.Token == nil:
		return &trouble{kind: fact.ErrDenied, text: "This address is for programs that have a token. To record what a file says, import it.", links: []link{{"Import", importPath}}}
	case !v.Token.Change:
		return &trouble{kind: fact.ErrDenied, text: "This token only reads. Its owner can make one that records changes."}
	}
	key := r.Header.Get("Idempotency-Key")
	if key == "" || len(key) > maxKey {
		return &trouble{kind: fact.ErrInvalid, text: fmt.Sprintf("The header Idempotency-Key is missing, or longer than %d characters. Send one that is new with each change, and the same when you send a change again.", maxKey)}
	}
	manifest, err := io.ReadAll(r.Body)
	if err != nil {
		return tooLarge(err)
	}
	docs, problems := s.Book.Kinds().Read("manifest", strings.NewReader(string(manifest)))
	if len(problems) > 0 {
		return sendProblems(w, problems)
	}
	if len(docs) == 0 {
		return sendProblems(w, kind.Problems{{What: "there are no records in what was sent", Remedy: "Send YAML documents or lines of JSON."}})
	}
	if slices.ContainsFunc(docs, func(d kind.Doc) bool { return access.ActOf(d.Kind) == access.Administer }) {
		return errForPeople
	}
	d, err := s.sentBefore(r.Context(), v.Who, key, manifest)
	if err != nil {
		return err
	}
	again := true
	done, err := s.Desk.Commit(r.Context(), d, func(ctx context.Context, claim desk.Claim) (desk.Receipt, error) {
		again = false
		done, err := s.Book.Do(ctx, v.Who, book.Change{Docs: docs, Claim: claim})
		return desk.Receipt{First: done.First, Last: done.Last}, err
	})
	if err != nil {
		// Nothing was recorded, or it is not known: then the desk keeps the draft, and finds out when it is sent again.
		_ = s.Desk.Discard(r.Context(), d.ID, v.Who)
	}
	switch p := kind.Problems(nil); {
	case errors.As(err, &p):
		return sendProblems(w, p)
	case errors.Is(err, fact.ErrNotFound):
		return &trouble{kind: errConflict, text: "The same was sent at the same moment, and refused. Send it again."}
	case err != nil:
		return err
	}
	s.security(r, "recorded by token", "account", v.Who, "token", v.Token.ID, "first", done.First, "last", done.Last, "again", again)
	return sendJSON(w, http.StatusOK, map[string]any{"first": done.First, "last": done.Last, "entries": done.Last - done.First + 1, "recorded": report.Clock(done.At), "again": again})
}

// sentBefore gives the draft that stands for a change which a program sends under a key.
func (s *Site) sentBefore(ctx context.Context, who fact.Who, key string, manifest []byte) (*desk.Draft, error) {
	sum := sha256.Sum256(manifest)
	digest := hex.EncodeToString(sum[:])
	given := desk.Draft{ID: desk.SentID(who, key), Owner: who, Purpose: toLoad, Step: digest}
	d, err := s.Desk.NewDraft(ctx, given)
	if errors.Is(err, fact.ErrStale) {
		d, err = s.Desk.Draft(ctx, given.ID, who)
	}
	switch {
	case errors.Is(err, fact.ErrNotFound):
		return nil, &trouble{kind: errConflict, text: "What was sent under this key is forgotten at this moment. Send it again, under a new key."}
	case errors.Is(err, desk.ErrFull):
		return nil, &trouble{kind: fact.ErrInvalid, text: fmt.Sprintf("Programs have sent %s changes in the name of the owner of this token within a week, which is as many as can be told from repeats. Send more at once, or wait.", thousands(desk.MaxSent))}
	case err != nil:
		return nil, err
	case d.Step != digest:
		return nil, &trouble{kind: errConflict, text: "Another change was sent under this Idempotency-Key. Send each change under a key of its own."}
	}
	return d, nil
}

// sendProblems says what is wrong with a manifest, as plumbline load does.
func sendProblems(w http.ResponseWriter, all kind.Problems) error {
	var lines []string
	for i, p := range all {
		if i == kind.Shown {
			break
		}
		lines = append(lines, p.String())
	}
	return sendJSON(w, http.StatusUnprocessableEntity, map[string]any{"error": "Nothing was recorded.", "problems": lines, "count": len(all)})
}
