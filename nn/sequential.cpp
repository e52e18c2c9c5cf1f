#include "nn/sequential.h"

#include <fmt/format.h>

namespace nn {

Variable Sequential::operator()(const Variable& x) {
  if (layers_.empty())
    throw autograd::Error("Sequential: there must be a layer, but there is none");
  Variable h = x;
  for (const Slot& slot : layers_) h = slot.pointer->call(h);
  return h;
}

Sequential& Sequential::extend(const Sequential& other) {
  const std::vector<Slot> added = other.layers_;
  layers_.insert(layers_.end(), added.begin(), added.end());
  return *this;
}

void Sequential::list(Members& members) {
  int number = 0;
  for (const Slot& slot : layers_)
    if (Link* link = slot.pointer->link()) members(std::to_string(number++), *link);
}

void Sequential::refuse(std::size_t i) const {
  throw autograd::Error(
      fmt::format("Sequential: get() must name a layer and its type, but layer {} of {} is of "
                  "another or is not there",
                  i, size()));
}

}  // namespace nn
