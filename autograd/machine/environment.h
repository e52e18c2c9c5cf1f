#pragma once

#include <initializer_list>
#include <string_view>

namespace autograd {

// The value of an environment variable, which must be one of `names`; the first name if the
// variable is unset or empty. Throws `VARIABLE: must be ..., but it is ...` for any other value.
std::string_view environment_choice(const char* variable,
                                    std::initializer_list<std::string_view> names);

}  // namespace autograd
