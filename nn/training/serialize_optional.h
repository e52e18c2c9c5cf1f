#pragma once

#include <optional>
#include <string_view>

#include "nn/serializers/serializer.h"

namespace nn::training {

// Serializes a number that may be missing (Python's None).
inline void serialize_optional(Serializer& s, std::string_view key, std::optional<double>& value) {
  const bool known = s.is_saving() && value;
  const autograd::Array saved =
      s.value(key, known ? autograd::Array::scalar(*value) : autograd::Array());
  s.require(!saved || saved.ndim() == 0, key, "a number or None", "an array with axes");
  if (s.is_loading()) value = saved ? std::optional(saved.item()) : std::nullopt;
}

}  // namespace nn::training
