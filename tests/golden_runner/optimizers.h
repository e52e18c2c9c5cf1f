#pragma once

#include <memory>
#include <string>

#include "nn/optimizers/optimizer.h"
#include "tests/golden_runner/value.h"

namespace golden {

// The optimizer of that name, made with these arguments. Throws NotBuilt if there is none, or an
// argument that it has not.
std::unique_ptr<nn::Optimizer> make_optimizer(const std::string& name, const Value& arguments);

}  // namespace golden
