#include "autograd/testing/leak_scope.h"

#include <fmt/format.h>

#include "autograd/array/array.h"
#include "autograd/graph/function_node.h"

namespace autograd::testing {

static LeakScope::Counts live() {
  return {Live<VariableNode>::count(), Live<FunctionNode>::count(), Live<Storage>::count()};
}

LeakScope::LeakScope() : before_(live()) {}

LeakScope::Counts LeakScope::left() const {
  const Counts now = live();
  return {now.variable_nodes - before_.variable_nodes, now.function_nodes - before_.function_nodes,
          now.storages - before_.storages};
}

void LeakScope::check() const {
  const Counts n = left();
  if (n == Counts{0, 0, 0}) return;
  const auto some = [](std::int64_t count, const char* what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
  };
  throw Error(fmt::format(
      "LeakScope: objects made in a scope must be destroyed with it, but {}, {} and {} are left",
      some(n.variable_nodes, "variable node"), some(n.function_nodes, "function node"),
      some(n.storages, "storage")));
}

}  // namespace autograd::testing
