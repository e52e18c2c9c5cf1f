#include "autograd/memory/small_vector.h"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace autograd {
namespace {

using Texts = SmallVector<std::string, 2>;

std::vector<std::string> listed(const Texts& v) { return {v.begin(), v.end()}; }

std::string text(int i) {
  return "a text that is too long for the string itself " + std::to_string(i);
}

Texts texts(int n) {
  Texts v;
  for (int i = 0; i < n; ++i) v.push_back(text(i));
  return v;
}

TEST(SmallVector, GrowsBeyondItself) {
  Texts v;
  std::vector<std::string> expected;
  EXPECT_TRUE(v.empty());
  for (int i = 0; i < 100; ++i) {
    v.push_back(text(i));
    expected.push_back(text(i));
    ASSERT_EQ(listed(v), expected);
  }
  EXPECT_EQ(v.size(), 100u);
  EXPECT_EQ(v[70], text(70));
  EXPECT_EQ(v.back(), text(99));
  v.clear();
  EXPECT_TRUE(v.empty());
}

TEST(SmallVector, TakesAnElementOfItsOwn) {
  Texts v = texts(2);
  v.push_back(v[0]);  // which moves while it is copied
  EXPECT_EQ(listed(v), (std::vector{text(0), text(1), text(0)}));
}

// From and to lists inside the object and outside of it.
TEST(SmallVector, IsCopiedAndMoved) {
  for (int from : {0, 1, 2, 3, 9})
    for (int to : {0, 2, 5}) {
      const Texts original = texts(from);
      Texts copy = original, assigned = texts(to);
      EXPECT_EQ(listed(copy), listed(original));
      assigned = original;
      EXPECT_EQ(listed(assigned), listed(original));
      Texts moved = std::move(copy);
      EXPECT_EQ(listed(moved), listed(original));
      assigned = std::move(moved);
      EXPECT_EQ(listed(assigned), listed(original));
      assigned.push_back("one more");
      EXPECT_EQ(assigned.back(), "one more");
    }
  EXPECT_EQ(listed({"a", "b", "c"}), (std::vector<std::string>{"a", "b", "c"}));
}

TEST(SmallVector, LetsGoOfItsElements) {
  const auto shared = std::make_shared<int>(7);
  {
    SmallVector<std::shared_ptr<int>, 2> v{shared, shared, shared};
    EXPECT_EQ(shared.use_count(), 4);
    v = {shared};
    EXPECT_EQ(shared.use_count(), 2);
  }
  EXPECT_EQ(shared.use_count(), 1);
}

// An element whose constructor throws is not there.
TEST(SmallVector, HasNoElementThatWasNotMade) {
  struct Fussy {
    explicit Fussy(int number) : text(std::make_unique<std::string>("made")) {
      if (number < 0) throw std::runtime_error("negative");
    }
    std::unique_ptr<std::string> text;
  };
  SmallVector<Fussy, 1> v;
  EXPECT_THROW(v.emplace_back(-1), std::runtime_error);
  EXPECT_EQ(v.size(), 0u);
  EXPECT_THROW(v.emplace_back_from([]() -> Fussy { throw std::runtime_error("none"); }),
               std::runtime_error);
  EXPECT_EQ(v.size(), 0u);
  v.emplace_back(1);
  EXPECT_THROW(v.emplace_back(-1), std::runtime_error);
  EXPECT_EQ(v.emplace_back_from([] { return Fussy(2); }).text->size(), 4u);
  EXPECT_EQ(v.size(), 2u);
}

}  // namespace
}  // namespace autograd
