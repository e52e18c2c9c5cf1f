#pragma once

#include <map>
#include <string>
#include <variant>

#include "tests/golden_runner/table.h"

namespace golden {

using Term = std::variant<double, Variable>;

// The value of a loss that the manifest states in Python: "n_in * F.mean_squared_error(x,
// F.sigmoid(logits))". What its names stand for is given; its functions are those of the table.
Term evaluate(const Expression& e, const std::map<std::string, Term>& names, const Table& table);

}  // namespace golden
