#include "autograd/graph/kept.h"

#include <fmt/format.h>

#include "autograd/base/error.h"

namespace autograd {

std::uint64_t version_of(const Indices& indices) {
  std::uint64_t sum = 0;  // changes of several arrays cannot restore an old sum
  for (const Index& index : indices.items())
    if (const auto* array = std::get_if<Array>(&index.item())) sum += version_of(*array);
  return sum;
}

void fail_on_overwritten(std::string_view op, std::string_view what) {
  throw Error(fmt::format(
      "{}: what backward needs must stay as it was in forward, but {} was overwritten since", op,
      what));
}

}  // namespace autograd
