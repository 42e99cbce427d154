/* gen.h - the two texts that lectern-gen makes. */
#ifndef GATEWAY_WIRE_GEN_H
#define GATEWAY_WIRE_GEN_H

#include "shape.h"

#include "lectern/buf.h"

void gen_typescript(struct buf *out);
/* The reference tables of PROTOCOL.md. */
void gen_document(struct buf *out);

#endif
