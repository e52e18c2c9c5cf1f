#pragma once

#include <functional>
#include <optional>

#include "autograd/array/array.h"
#include "nn/initializers/initializer.h"
#include "nn/size.h"
#include "tests/golden_runner/python.h"
#include "tests/golden_runner/table.h"

// What the manifest writes as Python where a link is made: arrays, dtypes, initializers, functions.
namespace golden {

// np.arange(12, dtype=np.float32).reshape(3, 4), np.ones((2, 4), "f"), np.array([1, 2]).
Array array_of(const Expression& e);
// Whether an expression is a call that makes an array.
bool makes_array(const Expression& e);
// np.float64, 'f', "float32".
autograd::Dtype dtype_of(const Expression& e);
// I.Normal(0.2), a number, an array; none where it is not there, or None. Throws an Error if an
// argument is not read, or if Chainer refuses it, too.
nn::Initializer initializer_of(const Expression* e);
// F.tanh, F.relu, ...; none where it is not there.
std::function<Variable(const Variable&)> function_of(const Expression* e);

// Throws unless all arguments were read.
void require_all_read(const Arguments& arguments);

}  // namespace golden
