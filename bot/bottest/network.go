package bottest

import "time"

// Asking is people who ask a bot through a network that a test makes bad.
type Asking interface {
	Ask()           // lets everybody ask something
	Answered(n int) // waits for n answers to that
	Network() *Proxy
}

// BadNetworks are the ways in which a network is bad below the protocol, each as one
// round of so many people asking.
func BadNetworks(people int) map[string]func(Asking) {
	return map[string]func(Asking){
		"resets": func(a Asking) {
			a.Ask()
			a.Network().Cut()
		},
		"resets while answering": func(a Asking) {
			a.Ask()
			a.Answered(people / 2)
			a.Network().Cut()
		},
		"half-open, then reset": func(a Asking) {
			a.Ask()
			a.Answered(1)
			a.Network().Freeze()
			a.Ask()
			a.Network().Cut()
		},
		"lost answers": func(a Asking) {
			a.Network().Swallow(5)
			a.Ask()
		},
		"latency": func(a Asking) {
			a.Network().Delay(5 * time.Millisecond)
			a.Ask()
		},
		"flapping": func(a Asking) {
			a.Ask()
			a.Network().Refuse(true)
			a.Network().Cut()
			a.Ask()
			a.Network().Refuse(false)
			a.Network().Cut()
		},
	}
}
