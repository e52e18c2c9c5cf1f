#pragma once

#include <cstdint>
#include <string>

// Checks that a piece of code frees everything it allocates:
//   testing::LeakScope leaks;
//   { Variable y = model(x); y.backward(); }
//   leaks.check();
namespace autograd::testing {

class LeakScope {
 public:
  // Remembers how many objects this thread has now.
  LeakScope();

  struct Counts {
    std::int64_t variable_nodes, function_nodes, storages;
    bool operator==(const Counts&) const = default;
  };
  // How many more objects there are now.
  Counts left() const;

  // Throws if objects made since are left: `LeakScope: objects made in a scope must be destroyed
  // with it, but 2 variable nodes, 1 function node and 3 storages are left`.
  void check() const;

 private:
  Counts before_;
};

}  // namespace autograd::testing
