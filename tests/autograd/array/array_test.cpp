#include "autograd/array/array.h"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "autograd/array/arithmetic.h"

#include "autograd/memory/blocks.h"
#include "tests/autograd/array/naive.h"
#include "tests/message.h"

namespace autograd {
namespace {

using naive::element;
using naive::elements;
using naive::numbers;

TEST(Array, IsMadeFromValues) {
  const Array a = Array::of<float>({1, 2, 3, 4, 5, 6}, Shape{2, 3});
  EXPECT_EQ(describe(a), "float32(2, 3)");
  EXPECT_EQ(a.strides(), (Shape{3, 1}));
  EXPECT_EQ(a.to_vector<double>(), (std::vector<double>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(Array::scalar(2.5).item(), 2.5);
  EXPECT_EQ(Array::arange(3).to_vector<int>(), (std::vector<int>{0, 1, 2}));
  EXPECT_EQ(Array::full({2}, 3, Dtype::uint8).to_vector<int>(), (std::vector<int>{3, 3}));
  EXPECT_EQ(Array::zeros({2, 0}, Dtype::float32).size(), 0);
  EXPECT_EQ(Array::of({true, false}).to_vector<bool>(), (std::vector<bool>{true, false}));
  EXPECT_FALSE(Array());
}

TEST(Array, SaysWhatIsWrong) {
  const Array a = Array::zeros({2, 3}, Dtype::float32);
  EXPECT_EQ(message_of([] {
              Array::empty({2, -1}, Dtype::float32);
            }),
            "array: lengths must not be negative, but the shape is (2, -1)");
  EXPECT_EQ(message_of([] {
              Array::of<float>({1, 2}, Shape{3});
            }),
            "array: the shape must have as many elements as there are values, but the shape is (3) "
            "and there are 2 values");
  EXPECT_EQ(message_of([&] { a.data<double>(); }),
            "array: data<T>() requires the array's own type as T, but the array is float32(2, 3) "
            "and T is float64");
  EXPECT_EQ(message_of([&] { a.item(); }),
            "item: the array must have one element, but it is float32(2, 3)");
  EXPECT_EQ(message_of([&] { a.reshape({4}); }),
            "reshape: the shape (4) must hold as many elements as x, but x is float32(2, 3)");
  EXPECT_EQ(message_of([&] {
              a.reshape({-1, 4});
            }),
            "reshape: the shape (-1, 4) must hold as many elements as x, but x is float32(2, 3)");
  EXPECT_EQ(message_of([&] {
              a.reshape({-1, -1});
            }),
            "reshape: the shape (-1, -1) must hold as many elements as x, but x is float32(2, 3)");
  EXPECT_EQ(message_of([&] { a.transpose({0}); }),
            "transpose: all axes of x must be listed, not 1 axes, but x is float32(2, 3)");
  EXPECT_EQ(message_of([&] {
              a.transpose({0, 0});
            }),
            "transpose: each axis may be named once, but axis 0 is named twice");
  EXPECT_EQ(message_of([&] {
              a.broadcast_to({2, 4});
            }),
            "broadcast_to: x must broadcast to the shape (2, 4), but x is float32(2, 3)");
  EXPECT_EQ(message_of([&] { a.broadcast_to({3}); }),
            "broadcast_to: x must broadcast to the shape (3), but x is float32(2, 3)");
  EXPECT_EQ(message_of([&] { a.select(1, 3); }),
            "select: index 3 must lie within axis 1, but x is float32(2, 3)");
  EXPECT_EQ(message_of([&] { a.squeeze(0); }),
            "squeeze: axis 0 must have length 1, but x is float32(2, 3)");
}

TEST(Array, ViewsShareTheStorage) {
  const Array a = numbers({2, 3, 4}, Dtype::int64);
  EXPECT_EQ(a.transpose().shape(), (Shape{4, 3, 2}));
  naive::for_each_index(a.shape(), [&](const Shape& i) {
    EXPECT_EQ(element(a.transpose(), {i[2], i[1], i[0]}), element(a, i));
    EXPECT_EQ(element(a.transpose({1, -1, 0}), {i[1], i[2], i[0]}), element(a, i));
    EXPECT_EQ(element(a.swapaxes(0, -1), {i[2], i[1], i[0]}), element(a, i));
    EXPECT_EQ(element(a.reshape({4, -1}),
                      {(i[0] * 12 + i[1] * 4 + i[2]) / 6, (i[0] * 12 + i[1] * 4 + i[2]) % 6}),
              element(a, i));
    EXPECT_EQ(element(a.select(1, i[1]), {i[0], i[2]}), element(a, i));
    EXPECT_EQ(element(a.expand_dims(1), {i[0], 0, i[1], i[2]}), element(a, i));
    EXPECT_EQ(element(a.broadcast_to({5, 2, 3, 4}), {4, i[0], i[1], i[2]}), element(a, i));
  });
  EXPECT_EQ(elements(a.slice(2, 3, 4, -1).slice(2, 0, 2, 2)), [&] {
    std::vector<double> v;
    for (int i = 0; i < 2; ++i)
      for (int j = 0; j < 3; ++j) v.insert(v.end(), {element(a, {i, j, 3}), element(a, {i, j, 1})});
    return v;
  }());
  for (const Array& view : {a.transpose(), a.reshape({24}), a.slice(1, 0, 2), a.expand_dims(0),
                            a.broadcast_to({2, 2, 3, 4})})
    EXPECT_EQ(view.storage(), a.storage());
  EXPECT_NE(a.transpose().reshape({24}).storage(), a.storage());
}

TEST(Array, ContiguityIgnoresAxesOfLengthOne) {
  EXPECT_TRUE(Array::zeros({3, 1, 2}, Dtype::float32).swapaxes(0, 1).is_contiguous());
  EXPECT_FALSE(Array::zeros({3, 2}, Dtype::float32).transpose().is_contiguous());
  EXPECT_TRUE(Array::zeros({0, 2}, Dtype::float32).transpose().is_contiguous());
  EXPECT_FALSE(Array::zeros({1}, Dtype::float32).broadcast_to({2}).is_contiguous());
}

TEST(Array, WritingIsCounted) {
  Array a = Array::zeros({2}, Dtype::float32);
  const auto before = a.storage()->version();
  Array view = a.slice(0, 0, 1);
  view.fill(3);
  EXPECT_GT(a.storage()->version(), before);
  const auto now = a.storage()->version();
  a.data<float>();
  a.to_vector<float>();
  EXPECT_EQ(a.storage()->version(), now);
}

// Copies of every kind against element by element ones.
TEST(Array, CopiesOfManyLayoutsAreExact) {
  const std::vector<Shape> shapes = {
      {},        {1},         {7},          {3, 5},    {5, 3},         {16, 16},
      {17, 33},  {1, 40},     {40, 1},      {64, 3},   {2, 3, 4},      {3, 1, 5},
      {2, 0, 3}, {19, 2, 18}, {2, 3, 4, 5}, {300, 70}, {2, 1, 3, 1, 2}};
  for (const Shape& shape : shapes)
    for (Dtype dtype : {Dtype::float32, Dtype::float64, Dtype::int32, Dtype::uint8}) {
      const Array a = numbers(shape, dtype);
      std::vector<Array> views{a, a.transpose()};
      for (int i = 0; i < shape.ndim(); ++i) {
        views.push_back(a.swapaxes(0, i));
        if (shape[i] > 0) views.push_back(a.slice(i, shape[i] - 1, shape[i], -1));
        views.push_back(a.slice(i, 0, (shape[i] + 1) / 2, 2));
        views.push_back(a.slice(i, 0, (shape[i] + 1) / 2, 2).transpose());
      }
      for (const Array& view : views) {
        const auto expected = elements(view);
        EXPECT_EQ(elements(view.copy()), expected);
        EXPECT_EQ(elements(view.astype(Dtype::float64)), expected);
        EXPECT_EQ(elements(view.astype(Dtype::int64)), expected);
        // Into a transposed target.
        Array target = Array::zeros(view.transpose().shape(), dtype).transpose();
        target.assign(view);
        EXPECT_EQ(elements(target), expected);
      }
    }
}

TEST(Array, AssignBroadcastsAndConverts) {
  Array a = Array::zeros({2, 3}, Dtype::float32);
  a.assign(Array::of({1, 2, 3}));
  EXPECT_EQ(a.to_vector<int>(), (std::vector<int>{1, 2, 3, 1, 2, 3}));
  a.transpose().assign(Array::of({5.0, 6.0}));
  EXPECT_EQ(a.to_vector<int>(), (std::vector<int>{5, 5, 5, 6, 6, 6}));
  EXPECT_EQ(message_of([&] {
              a.assign(Array::of({1.0, 2.0}));
            }),
            "broadcast_to: x must broadcast to the shape (2, 3), but x is float64(2)");
  Array column = a.slice(1, 1, 1);
  column.fill(9);
  EXPECT_EQ(a.to_vector<int>(), (std::vector<int>{5, 9, 5, 6, 9, 6}));
}

TEST(Array, EqualityNeedsOneTypeAndShape) {
  EXPECT_TRUE(array_equal(Array::of({1.f, 2.f}), Array::of({1.f, 2.f})));
  EXPECT_FALSE(array_equal(Array::of({1.f, 2.f}), Array::of({1.0, 2.0})));
  EXPECT_FALSE(array_equal(Array::of({1.f, 2.f}), Array::of<float>({1, 2}, Shape{2, 1})));
  EXPECT_FALSE(array_equal(Array::of({NAN}), Array::of({NAN})));
}

TEST(Array, StorageGoesBackWhenTheLastViewDoes) {
  const auto before = memory::stats().in_use;
  {
    Array view;
    {
      const Array a = Array::zeros({1000}, Dtype::float32);
      view = a.slice(0, 10, 5);
    }
    EXPECT_GT(memory::stats().in_use, before);
  }
  EXPECT_EQ(memory::stats().in_use, before);
}

TEST(Array, TransposedCopiesOfAnySize) {
  for (const Shape& shape : {Shape{16, 16}, Shape{37, 50}, Shape{15, 33}, Shape{3, 32, 17}})
    for (const Dtype dtype : {Dtype::float32, Dtype::int32}) {
      const Array x = naive::numbers(shape, Dtype::float32);
      const Array view = x.swapaxes(-1, -2);
      EXPECT_EQ(elements(view.copy()), elements(view));
      Array y = Array::empty(view.shape(), dtype);
      y.assign(view);
      EXPECT_EQ(elements(y), elements(view));
    }
}

// Says when it goes.
struct Keeper {
  explicit Keeper(int& count) : gone(&count) {}
  Keeper(Keeper&& other) noexcept : gone(std::exchange(other.gone, nullptr)) {}
  ~Keeper() {
    if (gone != nullptr) ++*gone;
  }
  int* gone;
};

TEST(Array, AdoptsMemoryAndHoldsItsOwner) {
  float memory[6] = {1, 2, 3, 4, 5, 6};
  int gone = 0;
  {
    Array a = Array::adopt(memory, {2, 3}, Keeper(gone));
    EXPECT_EQ(a.dtype(), Dtype::float32);
    EXPECT_EQ(a.raw(), memory);
    const Array row = a.select(0, 1);
    a.fill(7);
    EXPECT_EQ(memory[5], 7);
    a = {};
    EXPECT_EQ(gone, 0);
    EXPECT_EQ(row.raw(), memory + 3);
  }
  EXPECT_EQ(gone, 1);
  // It takes part in graphs, and no function writes to it.
  const auto shared = std::make_shared<std::vector<double>>(std::vector<double>{1, 2});
  const Array b = Array::adopt(shared->data(), {2}, shared);
  EXPECT_EQ(shared.use_count(), 2);
  EXPECT_EQ((b * b).to_vector<double>(), (std::vector<double>{1, 4}));
}

TEST(Array, AdoptsOnlyWhatItCanReadAndWriteIfItMay) {
  const std::int32_t constant[2] = {1, 2};
  Array a = Array::adopt(constant, {2}, 0);
  EXPECT_TRUE(a.storage()->is_read_only());
  EXPECT_EQ(
      message_of<Error>([&] { a.fill(3); }),
      "array: an array that is written to must not be read-only, but this one is (use copy())");
  EXPECT_EQ(constant[0], 1);
  alignas(8) char bytes[16] = {};
  EXPECT_EQ(message_of<Error>([&] { Array::adopt(reinterpret_cast<float*>(bytes + 1), {2}, 0); }),
            "adopt: memory must be aligned for float32, but it is not aligned");
  EXPECT_EQ(message_of<Error>([&] { Array::adopt(static_cast<float*>(nullptr), {2}, 0); }),
            "adopt: memory must be aligned for float32, but it is null");
  EXPECT_EQ(message_of<Error>([&] { Array::adopt(bytes, {2}, Dtype::uint8, false, nullptr); }),
            "adopt: memory must have an owner, but it has none");
  float number = 0;
  EXPECT_EQ(message_of<Error>([&] { Array::adopt(&number, {-1}, 0); }),
            "array: lengths must not be negative, but the shape is (-1)");
  const std::int64_t most = std::int64_t{1} << 62;
  EXPECT_EQ(message_of<Error>([&] { Array::adopt(&number, {most}, 0); }),
            "array: there must be memory for all elements, but there is none for "
            "float32(4611686018427387904)");
}

}  // namespace
}  // namespace autograd
