/* shape.c - the descriptors, one static array per row of the tables. */
#include "shape.h"

#define OFFSET_ROW(kind, fields) kind##_##fields

/* Each row becomes a struct of its own, laid out like the member of the union it stands for. Inside the table of its
 * fields the struct is known as SHAPE, which is why every row needs a block of its own: hence the enclosing functions
 * that only exist to be a scope, and are never called. */
#define FIELD_ROW(t, member) { #member, WIRE_TYPE_##t, offsetof(struct members, member) },

#define DEFINE_SHAPE(prefix, FIELDS)
