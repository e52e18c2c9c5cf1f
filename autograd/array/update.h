#pragma once

#include <functional>
#include <type_traits>
#include <vector>

#include "autograd/array/array.h"
#include "autograd/kernels/update.h"

namespace autograd::array {

// A batch of in-place updates, each by a rule of kernels/ops/update.h. run() does all of them in
// one parallel loop, so that small arrays cost little. Each array takes one pass, and large arrays
// are cut at fixed borders.
class UpdateBatch {
 public:
  // `updated` holds the array to update and then its states, all of the shape and dtype of the
  // gradient.
  template <class Op>
  void add(const Op& op, const Array& gradient, const Arrays& updated) {
    check(gradient, updated, kernels::kUpdated<Op>);
    visit_float(gradient.dtype(), [&]<class T>(std::type_identity<T>) {
      const Array g = gradient.contiguous();
      Item item{g.size(), {}, updated, {}};
      T* p[kernels::kUpdated<Op>];
      for (int k = 0; k < kernels::kUpdated<Op>; ++k) {
        item.work.push_back(updated[static_cast<std::size_t>(k)].contiguous());
        p[k] = item.work.back().template mutable_data<T>();
      }
      item.run = [op, g, p](std::int64_t begin, std::int64_t end) {
        T* part[kernels::kUpdated<Op>];
        for (int k = 0; k < kernels::kUpdated<Op>; ++k) part[k] = p[k] + begin;
        kernels::update<Op, T>().run(op, g.template data<T>() + begin, part, end - begin);
      };
      items_.push_back(std::move(item));
    });
  }

  void run();
  // Removes all updates.
  void clear() { items_.clear(); }

 private:
  struct Item {
    std::int64_t size;
    std::function<void(std::int64_t begin, std::int64_t end)> run;
    Arrays updated, work;  // work: the same arrays, or contiguous copies of them
  };
  static void check(const Array& gradient, const Arrays& updated, int count);

  std::vector<Item> items_;
};

}  // namespace autograd::array
