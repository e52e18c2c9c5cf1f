// error: every elementwise op needs a row in tests/cases/elementwise_cases.h
#include "tests/cases/elementwise_cases.h"

struct Unlisted {};

#ifdef WRONG
using Ops = autograd::ops::List<autograd::ops::Tanh, Unlisted>;
#else
using Ops = autograd::ops::List<autograd::ops::Tanh>;
#endif
static_assert(autograd::cases::all_have_rows(Ops{}));
