package h5browse

import "context"

// cancel ends another request of the comm. What is over already is as cancelled as can be.
func cancel(_ context.Context, l *call) (answer, error) {
	other := l.comm.find(l.request.Target)
	if other == nil || other == l {
		return answer{}, nil
	}
	other.cancel()
	if l.comm.withdraw(other) {
		other.answer(answer{}, context.Canceled)
	}
	return answer{}, nil
}
