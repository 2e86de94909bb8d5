package kernel

import (
	"context"
	"time"

	"gofive/kernel/cell"
	"gofive/kernel/engine"
)

// askTime is how long the engine may take for an answer that somebody waits for while typing. It answers within
// milliseconds, also while cells run; but on a busy machine it may not be its turn.
const askTime = time.Second

// askEngine puts a question of the front end to the engine. An engine that cannot be asked, or does not
// answer in time, knows nothing; but the kernel can look into folders by itself.
func (k *Kernel) askEngine(q *cell.Question) engine.Knowledge {
	ctx, cancel := context.WithTimeout(context.Background(), askTime)
	defer cancel()
	asked := &engine.Question{
		Files: q.Kind == cell.AskFiles, Value: q.Kind == cell.AskValue,
		Method: q.Method, Var: q.Var, Text: q.Text,
	}
	for _, c := range q.Calls {
		asked.Calls = append(asked.Calls, engine.Call(c))
	}
	if a, ok := k.engine.get(ctx).(engine.Asker); ok {
		if known, err := a.Ask(ctx, asked); err == nil {
			return known
		}
	}
	if asked.Files {
		return lookAround(q.Text)
	}
	return engine.Knowledge{}
}

// lookAround looks into folders from here. A file system that hangs must not hang the kernel.
func lookAround(typed string) engine.Knowledge {
	found := make(chan []engine.Name, 1)
	go func() { found <- engine.Files(typed) }()
	select {
	case names := <-found:
		return engine.Knowledge{Names: names}
	case <-time.After(askTime):
		return engine.Knowledge{}
	}
}
