#include "nn/sequential.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace nn {

Variable Sequential::operator()(const Variable& x) {
  if (layers_.empty())
    throw autograd::Error("Sequential: there must be a layer, but there is none");
  const auto forward = [&] {
    Variable h = x;
    for (const Slot& slot : layers_) h = slot.pointer->call(h);
    return h;
  };
  return hooked(forward, x);
}

Sequential& Sequential::extend(const Sequential& other) {
  std::vector<Slot> added;
  for (const Slot& slot : other.layers_) added.emplace_back(slot.pointer);
  std::move(added.begin(), added.end(), std::back_inserter(layers_));
  return *this;
}

Sequential Sequential::repeat(int n, CopyMode mode) const { return nn::repeat(*this, n, mode); }

void Sequential::list(Members& members) {
  int number = 0;
  for (const Slot& slot : layers_) slot.pointer->list(members, number);
}

void Sequential::refuse(std::size_t i) const {
  throw autograd::Error(
      fmt::format("Sequential: get() must be called with an existing layer and its type, but layer "
                  "{} of {} has another type or does not exist",
                  i, size()));
}

}  // namespace nn
