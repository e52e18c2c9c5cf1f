#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "autograd/array/array.h"
#include "autograd/array/map.h"
#include "autograd/kernels/ops/arithmetic.h"
#include "tests/message.h"

// Arrays that share memory: what is written into one is computed from what the other held before.
namespace autograd {
namespace {

constexpr std::int64_t kRows = 3, kColumns = 4;

// Where each element of a view lies.
std::vector<std::int64_t> places(const Array& view) {
  return Array::arange(kRows * kColumns)
      .as_strided(view.shape(), view.strides(), view.offset())
      .to_vector<std::int64_t>();
}

// Every different view of the array that slices with any start, count and step, transposing,
// selecting, reversing and new axes make; by shape.
std::map<std::vector<std::int64_t>, Arrays> views_of(const Array& x) {
  Arrays views;
  const auto sliced = [](const Array& a, int axis) {
    Arrays all;
    const std::int64_t n = a.length(axis);
    for (std::int64_t step = 1 - n; step < n; ++step)
      for (std::int64_t start = 0; step != 0 && start < n; ++start)
        for (std::int64_t count = 1; count <= n; ++count) {
          const std::int64_t last = start + (count - 1) * step;
          if (last >= 0 && last < n && (count > 1 || step == 1))
            all.push_back(a.slice(axis, start, count, step));
        }
    return all;
  };
  for (const Array& a : sliced(x, 0))
    for (const Array& b : sliced(a, 1)) {
      views.push_back(b);
      views.push_back(b.transpose());
      views.push_back(b.flatten());
      if (b.length(0) == 1) views.push_back(b.select(0, 0));
      if (b.length(1) == 1) views.push_back(b.select(1, 0));
    }
  for (std::int64_t count = 1; count <= x.size(); ++count)  // of the flattened array
    for (std::int64_t start = 0; start + count <= x.size(); ++start)
      views.push_back(x.flatten().slice(0, start, count));
  std::map<std::vector<std::int64_t>, Arrays> by_shape;
  std::set<std::pair<std::vector<std::int64_t>, std::vector<std::int64_t>>> seen;
  for (const Array& v : views) {
    if (v.storage() != x.storage()) continue;
    std::vector<std::int64_t> shape(v.shape().begin(), v.shape().end());
    if (seen.insert({shape, places(v)}).second) by_shape[shape].push_back(v);
  }
  return by_shape;
}

// The array's numbers after the views' elements were written one for one, from what was there.
template <class Combine>
std::vector<float> expected(const std::vector<std::int64_t>& to,
                            const std::vector<std::int64_t>& from, const Combine& combine) {
  std::vector<float> numbers(kRows * kColumns);
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<float>(i);
  const std::vector<float> before = numbers;
  for (std::size_t i = 0; i < to.size(); ++i) {
    const auto t = static_cast<std::size_t>(to[i]), f = static_cast<std::size_t>(from[i]);
    numbers[t] = combine(before[t], before[f]);
  }
  return numbers;
}

TEST(Overlap, EveryPairOfViewsIsAssignedAsIfCopiedFirst) {
  Array x = Array::empty({kRows, kColumns}, Dtype::float32);
  const auto reset = [&] { x.assign(Array::arange(x.size(), Dtype::float32).reshape(x.shape())); };
  reset();
  std::int64_t pairs = 0;
  for (const auto& [shape, views] : views_of(x))
    for (Array to : views)
      for (const Array& from : views) {
        const std::vector<std::int64_t> p = places(to), q = places(from);
        to.assign(from);
        ASSERT_EQ(x.to_vector<float>(), expected(p, q, [](float, float b) { return b; }))
            << to_string(to.shape()) << to_string(to.strides()) << to.offset() << " from "
            << to_string(from.strides()) << from.offset();
        reset();
        autograd::map_into(ops::Add{}, to, to, from);
        ASSERT_EQ(x.to_vector<float>(), expected(p, q, [](float a, float b) { return a + b; }))
            << to_string(to.shape()) << to_string(to.strides()) << to.offset() << " plus "
            << to_string(from.strides()) << from.offset();
        reset();
        ++pairs;
      }
  EXPECT_GT(pairs, 39'000);
}

TEST(Overlap, ABroadcastSourceIsCopiedFirst) {
  Array x = Array::arange(12, Dtype::float32).reshape({3, 4});
  x.assign(x.select(0, 1));
  EXPECT_EQ(x.to_vector<float>(), (std::vector<float>{4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7}));
  x = Array::arange(4, Dtype::float32).reshape({2, 2});
  x.assign(x.slice(1, 1, 1));
  EXPECT_EQ(x.to_vector<float>(), (std::vector<float>{1, 1, 3, 3}));
  autograd::map_into(ops::Add{}, x, x.select(0, 1), x);
  EXPECT_EQ(x.to_vector<float>(), (std::vector<float>{4, 4, 6, 6}));
}

// Large enough for several threads and for tiles.
TEST(Overlap, LargeViewsToo) {
  const std::int64_t n = 300;
  Array x = Array::empty({n, n}, Dtype::float64);
  const auto check = [&](const char* what, const Array& to0, const Array& from) {
    x.assign(Array::arange(n * n, Dtype::float64).reshape({n, n}));
    Array to = to0;
    const Array before = from.copy();
    to.assign(from);
    EXPECT_TRUE(array_equal(to.copy(), before)) << what;
  };
  check("its transpose", x, x.transpose());
  check("its reverse", x.flatten(), x.flatten().slice(0, n * n - 1, n * n, -1));
  check("moved by one", x.flatten().slice(0, 1, n * n - 1), x.flatten().slice(0, 0, n * n - 1));
  check("moved back", x.flatten().slice(0, 0, n * n - 1), x.flatten().slice(0, 1, n * n - 1));
  check("columns swapped", x, x.slice(1, n - 1, n, -1));
  check("itself", x, x);
}

TEST(Overlap, MayShareMemoryLooksAtExtents) {
  const Array x = Array::arange(12).reshape({3, 4});
  EXPECT_TRUE(may_share_memory(x, x));
  EXPECT_TRUE(may_share_memory(x.select(0, 1), x.transpose()));
  EXPECT_FALSE(may_share_memory(x.select(0, 0), x.select(0, 1)));
  EXPECT_TRUE(may_share_memory(x.select(1, 0), x.select(1, 1)));  // interleaved
  EXPECT_FALSE(may_share_memory(x, x.copy()));
  EXPECT_FALSE(may_share_memory(x, x.slice(0, 0, 0)));
}

TEST(Writing, NeedsAPlaceForEachElement) {
  Array x = Array::arange(12, Dtype::float32).reshape({3, 4});
  Array wide = x.select(0, 0).broadcast_to({2, 4});
  EXPECT_EQ(message_of([&] { wide.fill(1); }),
            "array: an array that is written to must have no overlapping elements, but float32(2, "
            "4) has the strides (0, 1), like a broadcast view (use copy())");
  EXPECT_THROW(wide.assign(Array::scalar(1.f)), Error);
  EXPECT_THROW(wide.assign(wide), Error);
  EXPECT_THROW(wide.mutable_raw(), Error);
  EXPECT_THROW(wide.mutable_data<float>(), Error);
  EXPECT_THROW(wide.mutable_strided_data<float>(), Error);
  Array sum = wide;
  EXPECT_THROW(autograd::map_into(ops::Add{}, sum, wide, wide), Error);
  Array windows = x.as_strided({5, 3}, {1, 1});
  EXPECT_THROW(windows.fill(1), Error);
  EXPECT_EQ(x.to_vector<float>(), Array::arange(12).to_vector<float>());
  // Each of these elements has a place of its own.
  Array(x.transpose()).fill(1);
  Array(x.slice(1, 3, 2, -2)).fill(2);
  Array(x.as_strided({3}, {5})).fill(3);  // a diagonal
  Array(x.slice(0, 0, 1).broadcast_to({1, 4})).fill(4);
  Array(Array::scalar(1.f).broadcast_to({1, 1})).fill(2);
  Array(x.select(0, 0).broadcast_to({0, 4})).fill(2);
  EXPECT_EQ(x.to_vector<float>(), (std::vector<float>{4, 4, 4, 4, 1, 3, 1, 2, 1, 2, 3, 2}));
}

TEST(Data, IsInCOrderOrAnError) {
  const Array x = Array::arange(6, Dtype::float32).reshape({2, 3});
  EXPECT_EQ(message_of([&] { x.transpose().data<float>(); }),
            "array: data() requires a contiguous array, but float32(3, 2) has the strides (1, 3) "
            "(use contiguous() or to_vector())");
  EXPECT_THROW(x.slice(1, 0, 2).data<float>(), Error);
  EXPECT_THROW(x.broadcast_to({2, 2, 3}).data<float>(), Error);
  Array column = x.select(1, 1);
  EXPECT_THROW(column.mutable_data<float>(), Error);
  EXPECT_EQ(column.strided_data<float>()[3], 4);
  EXPECT_EQ(x.transpose().strided_data<float>()[1], 1);
  column.mutable_strided_data<float>()[3] = 9;
  EXPECT_EQ(x.select(0, 1).data<float>()[1], 9);
}

// What is none has nothing to be asked for.
TEST(None, SaysSo) {
  Array none;
  const Array x = Array::arange(3, Dtype::float32);
  const std::string message =
      "array: an array must be given, but the handle is empty, as grad() is until a gradient "
      "arrives";
  const std::vector<std::function<void()>> calls = {
      [&] { none.shape(); },
      [&] { none.strides(); },
      [&] { none.dtype(); },
      [&] { none.ndim(); },
      [&] { none.size(); },
      [&] { none.length(0); },
      [&] { none.is_contiguous(); },
      [&] { none.data<float>(); },
      [&] { none.mutable_data<float>(); },
      [&] { none.strided_data<float>(); },
      [&] { none.mutable_strided_data<float>(); },
      [&] { none.raw(); },
      [&] { none.mutable_raw(); },
      [&] { none.item(); },
      [&] { none.to_vector<float>(); },
      [&] { none.reshape({1}); },
      [&] { none.flatten(); },
      [&] { none.transpose(); },
      [&] { none.transpose({0}); },
      [&] { none.swapaxes(0, 1); },
      [&] { none.broadcast_to({2}); },
      [&] { none.broadcast_to({}); },
      [&] { none.slice(0, 0, 1); },
      [&] { none.select(0, 0); },
      [&] { none.expand_dims(0); },
      [&] { none.squeeze(0); },
      [&] { none.as_strided({}, {}); },
      [&] { none.copy(); },
      [&] { none.contiguous(); },
      [&] { none.astype(Dtype::float32); },
      [&] { none.astype(Dtype::int32); },
      [&] { none.assign(x); },
      [&] { none.assign(none); },
      [&] { Array(x).assign(none); },
      [&] { none.fill(0); },
      [&] { none.storage(); },
      [&] { none.offset(); },
      [&] { describe(none); },
      [&] { array_equal(none, none); },
      [&] { array_equal(x, none); },
      [&] { may_share_memory(none, x); },
      [&] { autograd::map(ops::Add{}, x, none); },
  };
  for (std::size_t i = 0; i < calls.size(); ++i) EXPECT_EQ(message_of(calls[i]), message) << i;
  EXPECT_FALSE(none);
  Array other = none;
  EXPECT_FALSE(other);
}

}  // namespace
}  // namespace autograd
