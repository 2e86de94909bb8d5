package cell

import (
	"go/ast"
	"go/token"
	"go/types"
)

// standIns are functions of the engine that stand in for methods which would end the process, start
// goroutines that nobody guards, wait where no interrupt reaches, or know nothing of types of cells.
var standIns = map[string]string{
	"(*log.Logger).Fatal":   "LoggerFatal",
	"(*log.Logger).Fatalf":  "LoggerFatalf",
	"(*log.Logger).Fatalln": "LoggerFatalln",
	"(*sync.WaitGroup).Go":  "WaitGroupGo",

	"(*sync.WaitGroup).Wait": "WaitGroupWait",
	"(*sync.Mutex).Lock":     "Lock",
	"(*sync.RWMutex).Lock":   "Lock",
	"(*sync.RWMutex).RLock":  "RLock",

	"(*database/sql.Null[T]).Scan": "NullScan",
	"(database/sql.Null[T]).Value": "NullValue",

	"(reflect.Type).Implements":    "TypeImplements",
	"(reflect.Type).AssignableTo":  "TypeAssignable",
	"(reflect.Type).ConvertibleTo": "TypeConvertible",
}

// standIn calls what stands in for a method, and reports whether anything does.
func (l *lowering) standIn(call *ast.CallExpr) bool {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || l.info.Selections[sel] == nil {
		return false
	}
	f, ok := l.info.Selections[sel].Obj().(*types.Func)
	if !ok || standIns[f.Origin().FullName()] == "" {
		return false
	}
	receiver := sel.X
	if t := l.typeOf(receiver); !isPointer(t) && !isInterface(t) {
		receiver = &ast.UnaryExpr{Op: token.AND, X: receiver}
	}
	call.Fun = ast.NewIdent(l.rt(standIns[f.Origin().FullName()]))
	call.Args = append([]ast.Expr{receiver}, call.Args...)
	return true
}
