// Package msg is Jupyter's messages as plain data: what they hold, how they become the frames of a
// ZeroMQ multipart message and back, and the signature that says who sent them. It follows the
// messaging specification, version 5.5: https://jupyter-client.readthedocs.io/en/stable/messaging.html
//
// There are only a few types here: a Message has a Header, a parent Header and JSON content; a
// Codec turns it into frames and frames into it; and every message family has a file with the Go
// form of its contents. Requests are read by a Parse function each, which takes the defaults of the
// specification for what is left out and tells by a FieldError what is wrong.
//
//	codec, err := msg.NewCodec("hmac-sha256", key)
//	request, err := codec.Decode(frames)
//	execute, err := msg.ParseExecute(request.Content)
//	frames = codec.Encode(&msg.Message{...})
package msg
