#include "autograd/array/index.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <limits>

#include "autograd/array/random.h"
#include "autograd/base/error.h"

namespace autograd::array {
namespace {

using Doubles = std::vector<double>;

// Of an axis of length n, some of them counted from the back if asked for.
Array drawn(const Shape& shape, std::int64_t n, random::Generator& generator,
            bool from_back = true) {
  Array positions = Array::empty(shape, Dtype::int64);
  generator.randint(
      from_back ? -n : 0, n,
      {positions.mutable_data<std::int64_t>(), static_cast<std::size_t>(positions.size())});
  return positions;
}

// Where each element comes from, or goes to, is seen by the elements of an array that counts.
void expect_plain_loops(const Shape& shape, const Indices& indices, random::Generator& generator) {
  SCOPED_TRACE(to_string(shape));
  const Array counted = get_item(Array::arange(shape.elements()).reshape(shape), indices);
  const auto places = counted.to_vector<std::int64_t>();
  for (const Dtype dtype : {Dtype::float32, Dtype::float64}) {
    const Array x = standard_normal(shape, dtype, generator),
                values = standard_normal(counted.shape(), dtype, generator);
    const Doubles from = x.to_vector<double>(), taken = get_item(x, indices).to_vector<double>(),
                  added = values.to_vector<double>(),
                  sums = scatter(shape, indices, values).to_vector<double>();
    Doubles expected(from.size(), 0);
    for (std::size_t i = 0; i < places.size(); ++i) {
      const auto place = static_cast<std::size_t>(places[i]);
      ASSERT_EQ(taken[i], from[place]) << i;
      // In the order of the positions, and rounded each time.
      expected[place] = dtype == Dtype::float32
                            ? static_cast<double>(static_cast<float>(expected[place]) +
                                                  static_cast<float>(added[i]))
                            : expected[place] + added[i];
    }
    EXPECT_EQ(sums, expected);
  }
}

TEST(Index, GathersAndScattersAsPlainLoops) {
  random::Generator generator(5);
  for (const std::int64_t height : {1, 2, 15, 16, 17, 1000})
    for (const std::int64_t columns : {1, 7, 128}) {
      const Array rows = drawn({30, 20}, height, generator);
      const Array in_front = drawn({30, 20}, height, generator, false),
                  narrow = rows.astype(Dtype::int32),
                  narrow_in_front = in_front.astype(Dtype::int32);
      for (const Array& positions : {rows, in_front, narrow, narrow_in_front})
        expect_plain_loops({height, columns}, positions, generator);
      expect_plain_loops({height, 3, columns},
                         {narrow_in_front, Slice(), drawn({20}, columns, generator)}, generator);
      expect_plain_loops({columns, height}, {Slice(), rows}, generator);
      expect_plain_loops({3, height, columns}, {Slice(1, 3), rows}, generator);
      expect_plain_loops({height, 3, columns}, {rows, Slice(), drawn({20}, columns, generator)},
                         generator);
      // Only the middle of the rows is written to, the rest is 0.
      expect_plain_loops({height + 4, columns}, {Slice(2, height + 2)}, generator);
      expect_plain_loops({2, height, columns}, {1, rows}, generator);
    }
}

TEST(Index, OfNothing) {
  const Array none = Array::zeros({0}, Dtype::int64);
  EXPECT_EQ(scatter({3, 2}, none, Array::zeros({0, 2}, Dtype::float64)).to_vector<double>(),
            Doubles(6, 0));
  EXPECT_EQ(
      scatter({3, 2}, {Slice(), none}, Array::zeros({3, 0}, Dtype::float64)).to_vector<double>(),
      Doubles(6, 0));
  EXPECT_EQ(
      scatter({3, 0}, Array::of({std::int64_t{2}}), Array::zeros({1, 0}, Dtype::float64)).size(),
      0);
}

TEST(Index, RefusesPositionsOutside) {
  const Array x = Array::arange(3);
  const auto refused = [&](auto position) {
    try {
      get_item(x, Array::of({decltype(position){1}, position}));
      FAIL() << position << " is taken";
    } catch (const Error& e) {
      EXPECT_EQ(e.what(),
                fmt::format(
                    "get_item: an index of axis 0 must be in [-3, 3), unlike {}, but x is int64(3)",
                    position));
    }
  };
  const auto refused_ends = [&]<class T>(T) {
    for (const T position :
         {T{3}, T{-4}, std::numeric_limits<T>::max(), std::numeric_limits<T>::min()})
      refused(position);
  };
  refused_ends(std::int32_t{});
  refused_ends(std::int64_t{});
}

TEST(Index, PositionRange) {
  const Array positions = Array::of<std::int64_t>({3, -1, 7, -1, 5, 9}).slice(0, 0, 5);
  const PositionRange all = position_range(positions), some = position_range(positions, -1);
  EXPECT_EQ(all.least, -1);
  EXPECT_EQ(all.greatest, 7);
  EXPECT_EQ(all.count, 5);
  EXPECT_EQ(some.least, 3);
  EXPECT_EQ(some.greatest, 7);
  EXPECT_EQ(some.count, 3);
  EXPECT_EQ(position_range(positions.slice(0, 1, 1), -1).count, 0);
}

}  // namespace
}  // namespace autograd::array
