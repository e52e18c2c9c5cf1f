#include "autograd/array/map.h"

#include <algorithm>
#include <span>
#include <vector>

#include "autograd/array/launch.h"
#include "autograd/array/reduce.h"
#include "autograd/base/check.h"

namespace autograd {
namespace {

// Arrays of one shape as the operands of a kernel. Within a run, the step of each array is 1 or 0.
template <int N>
class Mapped {
 public:
  Mapped(const Array& output, const ArrayRefs<N>& inputs) {
    for (std::size_t k = 0; k < N; ++k) inputs_[k] = inputs[k]->broadcast_to(output.shape());
    plan(output);
    bool again = false;
    for (std::size_t k = 0; k < N; ++k)
      if (runs_.step[k + 1] != 0 && runs_.step[k + 1] != 1) {
        inputs_[k] = inputs_[k].copy();
        again = true;
      }
    if (again) plan(output);
  }

  // Calls loop(operands, y, n) for each run.
  void for_each(Array& output, const LoopRef<N>& loop) const {
    visit_float(output.dtype(), [&]<class T>(std::type_identity<T>) { walk<T>(output, loop); });
  }

 private:
  template <class T>
  void walk(Array& output, const LoopRef<N>& loop) const {
    T* y = output.mutable_data<T>();
    std::array<const T*, N> x;
    for (std::size_t k = 0; k < N; ++k) x[k] = inputs_[k].template strided_data<T>();
    for_runs(runs_, [&](const auto& at, std::int64_t n) {
      kernels::Operands<T, N> operands;
      for (std::size_t k = 0; k < N; ++k) {
        operands.p[k] = x[k] + at[k + 1];
        operands.step[k] = static_cast<int>(runs_.step[k + 1]);
      }
      loop(operands, y + at[0], n);
    });
  }

  void plan(const Array& output) {
    std::array<const Array*, N + 1> all{&output};
    for (std::size_t k = 0; k < N; ++k) all[k + 1] = &inputs_[k];
    runs_ = make_runs<N + 1>(all);
  }

  std::array<Array, N> inputs_;
  Runs<N + 1> runs_;
};

// Checks one input, x, or several inputs, a, b and c.
template <class Rule>
void check(std::string_view op, std::span<const Array* const> inputs, const Rule& rule) {
  if (inputs.size() == 1)
    rule(Check(op, {{"x", *inputs[0]}}));
  else if (inputs.size() == 2)
    rule(Check(op, {{"a", *inputs[0]}, {"b", *inputs[1]}}));
  else
    rule(Check(op, {{"a", *inputs[0]}, {"b", *inputs[1]}, {"c", *inputs[2]}}));
}

// The common shape of the inputs after broadcasting. Throws unless the inputs can be broadcast and
// have the same floating dtype.
Shape common_shape(std::string_view op, std::span<const Array* const> inputs) {
  Shape shape = inputs[0]->shape();
  try {
    for (const Array* input : inputs.subspan(1)) shape = broadcast_shapes(shape, input->shape());
  } catch (const Error&) {
    check(op, inputs, [](const Check& all) { all.fail("the shapes must broadcast"); });
  }
  check(op, inputs, [](const Check& all) { all.floats(); });
  return shape;
}

// Whether the inputs have the shape and dtype of y, a floating one.
template <int N>
bool alike(const Shape& shape, Dtype dtype, const ArrayRefs<N>& inputs) {
  if (!is_float(dtype)) return false;
  for (const Array* a : inputs)
    if (a->dtype() != dtype || !(a->shape() == shape)) return false;
  return true;
}

// Whether small arrays can be processed in one run without further preparation, like most scalars.
template <int N>
bool one_short_run(const Array& y, const ArrayRefs<N>& inputs) {
  if (y.size() > kGrain || !y.is_contiguous() || !alike<N>(y.shape(), y.dtype(), inputs))
    return false;
  for (const Array* a : inputs)
    if (!a->is_contiguous()) return false;
  return true;
}

}  // namespace

template <int N>
void map_loop(const LoopRef<N>& loop, Array& y, const ArrayRefs<N>& inputs) {
  if (!one_short_run<N>(y, inputs)) return Mapped<N>(y, inputs).for_each(y, loop);
  visit_float(y.dtype(), [&]<class T>(std::type_identity<T>) {
    kernels::Operands<T, N> operands;
    for (std::size_t k = 0; k < N; ++k) {
      operands.p[k] = inputs[k]->template strided_data<T>();
      operands.step[k] = 1;
    }
    loop(operands, y.template mutable_data<T>(), y.size());
  });
}

template <int N>
void map_loop_into(const LoopRef<N>& loop, Array& y, const ArrayRefs<N>& inputs) {
  bool apart = y.is_contiguous();
  for (const Array* a : inputs)
    apart = apart && (a->storage() != y.storage() || same_view(*a, y) || !may_share_memory(*a, y));
  if (apart) return map_loop<N>(loop, y, inputs);
  Array values = Array::empty(y.shape(), y.dtype());
  map_loop<N>(loop, values, inputs);
  y.assign(values);
}

template <int N>
Array map_values(std::string_view op, const LoopRef<N>& loop, const ArrayRefs<N>& inputs) {
  const Array& first = *inputs[0];
  Array y = Array::empty(
      alike<N>(first.shape(), first.dtype(), inputs) ? first.shape() : common_shape(op, inputs),
      first.dtype());
  map_loop<N>(loop, y, inputs);
  return y;
}

template <int N>
Array map_total(std::string_view op, const LoopRef<N, double>& loop, const ArrayRefs<N>& inputs) {
  const Shape shape = common_shape(op, inputs);
  std::array<Array, N> x;
  for (std::size_t k = 0; k < N; ++k) {
    x[k] = inputs[k]->broadcast_to(shape);
    if (!x[k].is_contiguous()) x[k] = x[k].copy();
  }
  return visit_float(x[0].dtype(), [&]<class T>(std::type_identity<T>) {
    constexpr std::int64_t kChunk = 4096;
    const std::int64_t n = shape.elements();
    std::vector<double> parts(static_cast<std::size_t>((n + kChunk - 1) / kChunk));
    std::array<const T*, N> p;
    for (std::size_t k = 0; k < N; ++k) p[k] = x[k].template data<T>();
    const auto sum_parts = [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; i += kChunk) {
        kernels::Operands<T, N> operands;
        for (std::size_t k = 0; k < N; ++k) operands.p[k] = p[k] + i, operands.step[k] = 1;
        loop(operands, &parts[static_cast<std::size_t>(i / kChunk)], std::min(kChunk, end - i));
      }
    };
    parallel::for_chunks(n, kChunk, sum_parts, kGrain);
    return Array::scalar(static_cast<T>(array::pairwise_sum(parts)));
  });
}

// Ops have up to three inputs. A slope also reads gy.
template void map_loop<1>(const LoopRef<1>&, Array&, const ArrayRefs<1>&);
template void map_loop<2>(const LoopRef<2>&, Array&, const ArrayRefs<2>&);
template void map_loop<3>(const LoopRef<3>&, Array&, const ArrayRefs<3>&);
template void map_loop<4>(const LoopRef<4>&, Array&, const ArrayRefs<4>&);
template void map_loop_into<1>(const LoopRef<1>&, Array&, const ArrayRefs<1>&);
template void map_loop_into<2>(const LoopRef<2>&, Array&, const ArrayRefs<2>&);
template void map_loop_into<3>(const LoopRef<3>&, Array&, const ArrayRefs<3>&);
template Array map_values<1>(std::string_view, const LoopRef<1>&, const ArrayRefs<1>&);
template Array map_values<2>(std::string_view, const LoopRef<2>&, const ArrayRefs<2>&);
template Array map_values<3>(std::string_view, const LoopRef<3>&, const ArrayRefs<3>&);
template Array map_total<2>(std::string_view, const LoopRef<2, double>&, const ArrayRefs<2>&);
template Array map_total<3>(std::string_view, const LoopRef<3, double>&, const ArrayRefs<3>&);

}  // namespace autograd
