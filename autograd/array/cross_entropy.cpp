#include "autograd/array/cross_entropy.h"

#include <algorithm>
#include <cmath>

#include "autograd/array/launch.h"
#include "autograd/kernels/softmax.h"

namespace autograd::array {
namespace {

// Calls row(i) for each row.
template <class Row>
void for_rows(const Array& x, const Row& row) {
  parallel::for_chunks(x.length(0), kGrain / (x.length(1) + 1) + 1,
                       [&](std::int64_t begin, std::int64_t end) {
                         for (std::int64_t i = begin; i < end; ++i) row(i);
                       });
}

// The weight of each row's term.
template <class T>
class Weights {
 public:
  explicit Weights(const Classes& c)
      : labels_(c.labels.data<std::int64_t>()),
        ignored_(c.ignored),
        array_(c.weight ? c.weight.contiguous() : Array()),
        weight_(c.weight ? array_.data<T>() : nullptr) {}
  std::int64_t label(std::int64_t row) const { return labels_[row]; }
  T operator[](std::int64_t row) const {
    if (label(row) == ignored_) return 0;
    return weight_ ? weight_[label(row)] : T(1);
  }

 private:
  const std::int64_t* labels_;
  std::int64_t ignored_;
  Array array_;
  const T* weight_;
};

}  // namespace

CrossEntropy cross_entropy(const Array& x0, const Classes& classes) {
  const Array x = x0.contiguous();
  const Shape rows{x.length(0)};
  CrossEntropy found{Array::empty(rows, x.dtype()), Array::empty(rows, x.dtype()),
                     Array::empty(rows, x.dtype())};
  visit_float(x.dtype(), [&]<class T>(std::type_identity<T>) {
    const Weights<T> weight(classes);
    const auto exp_sum = kernels::softmax<T>().exp_sum;
    const T* p = x.data<T>();
    const std::int64_t n = x.length(1);
    T *terms = found.terms.mutable_data<T>(), *shift = found.shift.mutable_data<T>(),
      *total = found.total.mutable_data<T>();
    for_rows(x, [&](std::int64_t i) {
      terms[i] = shift[i] = total[i] = 0;
      const T w = weight[i];
      if (w == 0) return;
      total[i] = exp_sum(p + i * n, n, &shift[i]);
      const T logit = p[i * n + weight.label(i)];
      terms[i] = w * (std::log(total[i]) - (logit == shift[i] ? T(0) : logit - shift[i]));
    });
  });
  return found;
}

Array cross_entropy_gradient(const Array& x0, const Classes& classes, const CrossEntropy& found,
                             const Array& g0, double scale) {
  const Array x = x0.contiguous(), g = g0.contiguous();
  Array gx = Array::empty(x.shape(), x.dtype());
  visit_float(x.dtype(), [&]<class T>(std::type_identity<T>) {
    const Weights<T> weight(classes);
    const auto scaled_exp = kernels::softmax<T>().scaled_exp;
    const T *p = x.data<T>(), *gy = g.data<T>(), *shift = found.shift.data<T>(),
            *total = found.total.data<T>();
    const std::int64_t n = x.length(1), step = g.size() == 1 ? 0 : 1;
    T* q = gx.mutable_data<T>();
    for_rows(x, [&](std::int64_t i) {
      const T w = weight[i] * static_cast<T>(scale) * gy[i * step];
      if (weight[i] == 0) {
        std::fill_n(q + i * n, n, T(0));
      } else {
        scaled_exp(p + i * n, n, shift[i], w / total[i], q + i * n);
        q[i * n + weight.label(i)] -= w;
      }
    });
  });
  return gx;
}

}  // namespace autograd::array
