#pragma once

#include <cstdint>
#include <string>

// Whether a piece of code gives back all that it took:
//   testing::LeakScope leaks;
//   { Variable y = model(x); y.backward(); }
//   leaks.check();
namespace autograd::testing {

class LeakScope {
 public:
  // Counts from here, in this thread.
  LeakScope();

  struct Counts {
    std::int64_t variable_nodes, function_nodes, storages;
    bool operator==(const Counts&) const = default;
  };
  // How many more there are than there were.
  Counts left() const;

  // Throws unless everything made since is gone: `LeakScope: what a scope makes must go with it,
  // but 2 variable nodes, 1 function node and 3 storages are left`.
  void check() const;

 private:
  Counts before_;
};

}  // namespace autograd::testing
