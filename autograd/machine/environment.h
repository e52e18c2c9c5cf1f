#pragma once

#include <initializer_list>
#include <string_view>

namespace autograd {

// What the environment variable says, which must be one of `names`; the first of them where it is
// not set or empty. Throws `VARIABLE: must be ..., but it is ...`.
std::string_view environment_choice(const char* variable,
                                    std::initializer_list<std::string_view> names);

}  // namespace autograd
