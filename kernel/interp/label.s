// This file is empty on purpose: it lets label.go declare a function without a body.
