#include "autograd/base/shape.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/message.h"

namespace autograd {
namespace {

TEST(Shape, HoldsLengths) {
  Shape s{2, 3, 4};
  EXPECT_EQ(s.ndim(), 3);
  EXPECT_EQ(s.elements(), 24);
  EXPECT_EQ(s.back(), 4);
  EXPECT_EQ(Shape{}.elements(), 1);
  EXPECT_TRUE(Shape{}.empty());
  EXPECT_EQ((Shape{2, 0, 3}.elements()), 0);
  s.push_back(5);
  s.insert(0, 1);
  s.erase(2);
  EXPECT_EQ(s, (Shape{1, 2, 4, 5}));
  EXPECT_EQ(s.slice(1, 3), (Shape{2, 4}));
  EXPECT_NE(s, (Shape{1, 2, 4}));
  EXPECT_EQ(Shape::filled(2, 7), (Shape{7, 7}));
}

TEST(Shape, IsWrittenAsATuple) {
  EXPECT_EQ(to_string(Shape{}), "()");
  EXPECT_EQ(to_string(Shape{5}), "(5)");
  EXPECT_EQ(to_string(Shape{100, 784}), "(100, 784)");
}

TEST(Shape, HasAtMostEightAxes) {
  Shape s{1, 2, 3, 4, 5, 6, 7, 8};
  EXPECT_EQ(message_of([&] { s.push_back(9); }),
            "shape: an array has at most 8 axes, but 9 were given");
  EXPECT_EQ(message_of([] { Shape(std::vector<std::int64_t>(10, 1)); }),
            "shape: an array has at most 8 axes, but 10 were given");
  EXPECT_EQ(message_of([] { Axes(std::vector<int>(9, 0)); }),
            "shape: an array has at most 8 axes, but 9 were given");
}

TEST(Shape, StridesOfCOrder) {
  EXPECT_EQ(contiguous_strides({2, 3, 4}), (Shape{12, 4, 1}));
  EXPECT_EQ(contiguous_strides({}), Shape{});
}

TEST(Broadcast, FollowsNumPy) {
  EXPECT_EQ(broadcast_shapes({2, 3}, {3}), (Shape{2, 3}));
  EXPECT_EQ(broadcast_shapes({3}, {2, 3}), (Shape{2, 3}));
  EXPECT_EQ(broadcast_shapes({2, 1}, {1, 3}), (Shape{2, 3}));
  EXPECT_EQ(broadcast_shapes({}, {2, 3}), (Shape{2, 3}));
  EXPECT_EQ(broadcast_shapes({1}, {0}), (Shape{0}));
  EXPECT_EQ(broadcast_shapes({4, 1, 3}, {5, 1}), (Shape{4, 5, 3}));
  EXPECT_EQ(
      message_of([] {
        broadcast_shapes({2, 3}, {4});
      }),
      "broadcast: axes must have equal lengths or length 1, but the shapes are (2, 3) and (4)");
  EXPECT_EQ(message_of([] { broadcast_shapes({0}, {2}); }),
            "broadcast: axes must have equal lengths or length 1, but the shapes are (0) and (2)");
}

TEST(Axis, CountsFromTheEndToo) {
  EXPECT_EQ(normalize_axis("sum", -1, 3), 2);
  EXPECT_EQ(normalize_axis("sum", 0, 3), 0);
  EXPECT_EQ(message_of([] { normalize_axis("sum", 3, 3); }),
            "sum: axis must be in [-3, 3) for an array of 3 axes, but it is 3");
  EXPECT_EQ(message_of([] { normalize_axis("sum", -4, 3); }),
            "sum: axis must be in [-3, 3) for an array of 3 axes, but it is -4");
}

TEST(Axes, NameWhatIsReduced) {
  const auto flags = Axes{0, -1}.flags("sum", 3);
  EXPECT_TRUE(flags[0]);
  EXPECT_FALSE(flags[1]);
  EXPECT_TRUE(flags[2]);
  EXPECT_EQ(reduced_shape({2, 3, 4}, flags, false), Shape{3});
  EXPECT_EQ(reduced_shape({2, 3, 4}, flags, true), (Shape{1, 3, 1}));
  EXPECT_EQ(message_of([] {
              Axes({1, -1}).flags("sum", 2);
            }),
            "sum: each axis may be named once, but axis 1 is named twice");
  EXPECT_EQ(message_of([] { Axes(0).flags("sum", 0); }),
            "sum: axis must be in [0, 0) for an array of 0 axes, but it is 0");
}

TEST(Axes, TellsNoneGivenFromAnEmptyList) {
  static_assert(!std::is_default_constructible_v<Axes>);
  const Axes all = std::nullopt;
  EXPECT_TRUE(all.all());
  EXPECT_EQ(reduced_shape({2, 3}, all.flags("sum", 2), false), Shape{});
  EXPECT_EQ(reduced_shape({2, 3}, all.flags("sum", 2), true), (Shape{1, 1}));
  for (const Axes& none : {Axes{}, Axes({}), Axes(std::vector<int>())}) {
    EXPECT_FALSE(none.all());
    EXPECT_EQ(none.size(), 0);
    EXPECT_EQ(reduced_shape({2, 3}, none.flags("sum", 2), false), (Shape{2, 3}));
  }
}

TEST(PerAxis, GivesALengthForEachAxis) {
  EXPECT_EQ(PerAxis(3).along(2, "pool", "ksize"), (Shape{3, 3}));
  EXPECT_EQ((PerAxis{3, 4}).along(2, "pool", "ksize"), (Shape{3, 4}));
  EXPECT_EQ(PerAxis(Shape{5}).along(1, "pool", "ksize"), Shape{5});
  EXPECT_EQ(message_of([] {
              PerAxis{3, 4}.along(3, "pool", "ksize");
            }),
            "pool: ksize must be one number, or one for each of 3 axes, but it is (3, 4)");
}

}  // namespace
}  // namespace autograd
