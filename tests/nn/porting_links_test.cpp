// The lines of the section "Links" of docs/porting_from_chainer.md, which are read from it: each
// must stand here, where it is compiled and run.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "autograd/autograd.h"
#include "nn/nn.h"
#include "tests/paths.h"

namespace {

namespace F = autograd;
namespace L = nn;
using F::Array, F::Variable;

struct Net : nn::Chain {
  std::optional<L::Linear> shortcut;              // None is not listed
  std::vector<L::Linear> layers;                  // a ChainList: /layers/0/W, /layers/1/W
  std::vector<std::unique_ptr<nn::Link>> blocks;  // a ChainList of several classes
  std::map<std::string, L::Linear> heads;         // /heads/left/W
  std::shared_ptr<L::Linear> decoder;             // one that other links have, too
  nn::Parameter scale{1.0, F::Shape{}};
  F::Array mean;  // add_persistent
  int n_seen = 0;

  void list(nn::Members& m) override {
    m("shortcut", shortcut)("layers", layers)("blocks", blocks)("heads", heads)("decoder", decoder);
    m("scale", scale).persistent("mean", mean).persistent("n_seen", n_seen);
  }
};

struct VGG : nn::Polymorphic<VGG> {
  L::Linear l{2, 2};
  Variable operator()(const Variable& x) { return F::relu(l(x)); }
  void list(nn::Members& m) override { m("l", l); }
};

struct Activated : nn::Polymorphic<Activated, L::Linear> {
  using Polymorphic::Polymorphic;
  Variable operator()(const Variable& x) { return F::relu(L::Linear::operator()(x)); }
};

TEST(PortingLinks, MembersHaveChainersNames) {
  Net net;
  net.layers.assign(2, L::Linear(1, 1, {.nobias = true}));
  net.blocks.push_back(std::make_unique<Activated>(1, 1, L::Linear::Options{.nobias = true}));
  net.heads.emplace("left", L::Linear(1, 1, {.nobias = true}));
  std::vector<std::string> paths;
  for (const auto& [path, p] : net.namedparams()) paths.push_back(path);
  EXPECT_EQ(paths, (std::vector<std::string>{"/scale", "/blocks/0/W", "/heads/left/W",
                                             "/layers/0/W", "/layers/1/W"}));
  EXPECT_EQ(nn::serializers::save(nn::serializers::serialize_of(net)).size(), 7U);
}

TEST(PortingLinks, AreChosenAtRunTime) {
  const Array x = Array::of<float>({-1, 2}, {{1, 2}}), t = Array::of<std::int32_t>({1});
  for (const bool deep : {false, true}) {
    nn::optimizers::SGD optimizer;
    std::unique_ptr<nn::Chain> net = std::make_unique<L::Linear>(2, 2);
    if (deep) net = std::make_unique<VGG>();
    Variable y = (*net)(x);
    L::Classifier model(*net);
    optimizer.setup(model);
    Variable loss = optimizer.target()(x, t);
    EXPECT_EQ(loss.item(), F::softmax_cross_entropy(y, t).item());
    std::unique_ptr<nn::Chain> other = nn::copy(net, nn::CopyMode::copy);
    EXPECT_EQ((*other)(x).array().to_vector<float>(), y.array().to_vector<float>());
  }
}

TEST(PortingLinks, AreCopiedAndChanged) {
  VGG net;
  VGG fresh = nn::copy(net, nn::CopyMode::init);
  VGG target = nn::copy(net, nn::CopyMode::copy);
  EXPECT_FALSE(array_equal(fresh.l.W.array(), net.l.W.array()));
  L::Linear& l = target.l;
  const double before = net.l.W.array().to_vector<double>()[0];
  l.W.set_array((l.W * 0.5).array());
  EXPECT_EQ(target.l.W.array().to_vector<double>()[0], before / 2);
  EXPECT_EQ(net.l.W.array().to_vector<double>()[0], before);
  nn::optimizers::SGD optimizer;
  optimizer.setup(net);
  EXPECT_EQ(&optimizer.target<VGG>().l, &net.l);
}

std::string text_of(const std::string& path) {
  std::ifstream file(source_path(path));
  return {std::istreambuf_iterator<char>(file), {}};
}
// Without blanks and comments, which lie differently on a page.
std::string bare(std::string line) {
  line = line.substr(0, line.find("  //"));
  std::erase(line, ' ');
  std::erase(line, '\n');
  return line;
}

TEST(PortingLinks, AreThoseOfTheGuide) {
  std::string guide = text_of("docs/porting_from_chainer.md"), here;
  guide = guide.substr(guide.find("\n## Links\n"));
  guide = guide.substr(0, guide.find("\n## What differs\n"));
  std::string program = text_of("tests/nn/porting_links_test.cpp");
  for (std::size_t at = 0; at < program.size(); at = program.find('\n', at) + 1)
    here += bare(program.substr(at, program.find('\n', at) - at));
  std::size_t lines = 0;
  const auto expect = [&](const std::string& line) {
    if (bare(line).empty()) return;
    ++lines;
    EXPECT_NE(here.find(bare(line)), std::string::npos) << line;
  };
  bool code = false;
  for (std::size_t at = 0; at < guide.size(); at = guide.find('\n', at) + 1) {
    const std::string line = guide.substr(at, guide.find('\n', at) - at);
    if (line.starts_with("```"))
      code = line == "```cpp";
    else if (code)
      expect(line);
    else if (line.starts_with("| ") && line.ends_with(" |")) {
      std::string cell = line.substr(line.find(" | ") + 3);
      for (std::size_t open = cell.find('`'); open != std::string::npos; open = cell.find('`')) {
        const std::size_t close = cell.find('`', open + 1);
        expect(cell.substr(open + 1, close - open - 1));
        cell = cell.substr(close + 1);
      }
    }
    if (guide.find('\n', at) == std::string::npos) break;
  }
  EXPECT_GT(lines, 30U);
}

}  // namespace
