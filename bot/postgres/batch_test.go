package postgres

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"footnote/bot/platform"
)

// A batchWorld is a Batch that doubles numbers, by statements that last until they are let go.
type batchWorld struct {
	*Batch[int, int]
	statements [][]int
	let        chan error
	answers    map[int]answer
}

type answer struct {
	is  int
	err error
}

func newBatchWorld(t *testing.T) *batchWorld {
	db, err := Open(platform.NewSecret("postgres://a:b@127.0.0.1:1/c")) // nothing is asked of it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	w := &batchWorld{let: make(chan error), answers: map[int]answer{}}
	w.Batch = NewBatch(db, time.Hour, func(_ context.Context, all []int) ([]int, error) {
		w.mu.Lock()
		w.statements = append(w.statements, slices.Clone(all))
		w.mu.Unlock()
		err := <-w.let
		out := make([]int, len(all))
		for i, x := range all {
			out[i] = 2 * x
		}
		return out, err
	})
	return w
}

// ask has those numbers asked for, one after the other.
func (w *batchWorld) ask(ctx context.Context, from, to int) {
	for q := from; q <= to; q++ {
		go func() {
			is, err := w.Ask(ctx, q)
			w.mu.Lock()
			defer w.mu.Unlock()
			w.answers[q] = answer{is, err}
		}()
		synctest.Wait()
	}
}

// want says how many ask in each statement so far.
func (w *batchWorld) want(t *testing.T, sizes ...int) {
	t.Helper()
	synctest.Wait()
	var got []int
	for _, all := range w.statements {
		got = append(got, len(all))
	}
	if !slices.Equal(got, sizes) {
		t.Fatalf("statements of %v, want %v", got, sizes)
	}
}

func TestBatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newBatchWorld(t)
		w.ask(t.Context(), 1, 1)
		w.want(t, 1) // who asks alone waits for nobody
		w.ask(t.Context(), 2, batchMost+2)
		w.want(t, 1)
		w.let <- nil
		w.want(t, 1, batchMost)
		w.let <- nil
		w.want(t, 1, batchMost, 1)
		w.let <- nil
		synctest.Wait()
		for q := 1; q <= batchMost+2; q++ {
			if a := w.answers[q]; a != (answer{2 * q, nil}) {
				t.Errorf("%d: %+v", q, a)
			}
		}
		if w.running != 0 || len(w.waiting) != 0 {
			t.Errorf("%d statements are under way, %d wait", w.running, len(w.waiting))
		}
	})
}

// While a statement takes long others ask beside it, and no more than so many.
func TestBatchIsSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newBatchWorld(t)
		sizes := []int{}
		for i := range batchesAtOnce {
			w.ask(t.Context(), i, i)
			sizes = append(sizes, 1)
			w.want(t, sizes...)
			time.Sleep(batchSlow)
		}
		w.ask(t.Context(), 9, 10)
		w.want(t, sizes...)
		w.let <- nil
		w.want(t, append(sizes, 2)...)
		for range batchesAtOnce {
			w.let <- nil
		}
	})
}

// Who gives up is not asked for any more, and an error is everybody's.
func TestBatchFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newBatchWorld(t)
		w.ask(t.Context(), 1, 1)
		w.ask(t.Context(), 2, 3)
		ctx, cancel := context.WithCancel(t.Context())
		w.ask(ctx, 4, 4)
		cancel()
		synctest.Wait()
		if a := w.answers[4]; !errors.Is(a.err, context.Canceled) {
			t.Errorf("who gives up is told %+v", a)
		}
		w.let <- nil
		w.want(t, 1, 2)
		failed := errors.New("the connection is lost")
		w.let <- failed
		synctest.Wait()
		for q, want := range map[int]error{1: nil, 2: failed, 3: failed} {
			if a := w.answers[q]; !errors.Is(a.err, want) {
				t.Errorf("%d: %+v, want %v", q, a, want)
			}
		}
	})
}

func TestBatchAfterClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newBatchWorld(t)
		w.db.Close()
		if _, err := w.Ask(t.Context(), 1); !errors.Is(err, errClosed) {
			t.Errorf("after Close: %v", err)
		}
	})
}
