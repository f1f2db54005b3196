// Package reach knows what the program asks of others over a network. Today that is two things: who somebody is, of the provider at which a
// council's people have their accounts (OpenID Connect: Microsoft Entra ID, Google and any other that keeps to the standard); and, for a witness, how another record grew.
//
// It is handed addresses, a clock and what it keeps between two requests of a browser. It must never know what an account, a role or a page is, and
// it does not see the record: whom it names, web and the desk let in or not. It believes nothing that it is told: what comes from outside is bounded
// in time and size, comes from the host that was asked, and counts when it is signed for this program, for this browser and for this moment.
//
// Who may call it: cmd/plumbline, which makes it and hands it to web.
package reach
