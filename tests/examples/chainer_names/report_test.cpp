#include "examples/chainer_names/report.h"

#include <gmock/gmock.h>

#include <string>

#include "examples/chainer_names/python_names.h"
#include "examples/chainer_names/table.h"

namespace chainer_names {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> found(const std::string& python) {
  std::vector<std::string> names;
  for (const Use& use : find_names(python))
    names.push_back(std::to_string(use.line) + " " + use.full_name);
  return names;
}

TEST(PythonNames, FollowTheImports) {
  EXPECT_THAT(found("import chainer\nx = chainer.Variable(a)\n"),
              ElementsAre("2 chainer.Variable"));
  EXPECT_THAT(
      found("import chainer.functions as F, chainer.links as L\ny = F.relu(L.Linear(3)(x))\n"),
      ElementsAre("2 chainer.functions.relu", "2 chainer.links.Linear"));
  EXPECT_THAT(found("import chainer.functions\ny = chainer.functions.relu(x)\n"),
              ElementsAre("2 chainer.functions.relu"));
  EXPECT_THAT(found("from chainer import training\nfrom chainer.training import extensions as e\n"
                    "t = training.Trainer(u)\nt.extend(e.LogReport())\n"),
              ElementsAre("1 chainer.training", "2 chainer.training.extensions",
                          "3 chainer.training.Trainer", "4 chainer.training.extensions.LogReport"));
  EXPECT_THAT(found("from chainer import (Chain,\n    Variable as V)  # both\nclass M(Chain):\n"
                    "    def f(self):\n        return V(0)\n"),
              ElementsAre("1 chainer.Chain", "2 chainer.Variable", "3 chainer.Chain",
                          "5 chainer.Variable"));
}

TEST(PythonNames, WhatIsNoNameOfChainer) {
  EXPECT_THAT(found("import numpy as F\ny = F.relu(x)\n"), IsEmpty());
  EXPECT_THAT(found("import chainer.functions as F\n# F.relu\ns = 'F.relu' + \"F.tanh\\\"F.exp\"\n"
                    "'''\nF.log\n'''\nself.F.relu\n"),
              IsEmpty());
  EXPECT_THAT(found("import chainer.functions as F\ns = 'not closed\ny = F.relu(x)"),
              ElementsAre("3 chainer.functions.relu"));
  EXPECT_THAT(found(""), IsEmpty());
  EXPECT_THAT(found("from\nimport\nfrom chainer import\nimport chainer as\n"), IsEmpty());
}

TEST(Report, SaysHowEachNameIsSpelled) {
  const Report result = report(
      "import chainer\nimport chainer.functions as F\nfrom chainer import links as L\n"
      "y = F.relu(L.Linear(3)(x))\nL.TheanoFunction\nchainer.backends.cuda.nothing\n",
      "train.py");
  EXPECT_EQ(
      result.text,
      "train.py:4: F.relu: F::relu\n"
      "train.py:4: L.Linear: L::Linear\n"
      "train.py:5: L.TheanoFunction: not here: it calls Theano, which is no longer maintained\n"
      "train.py:6: chainer.backends.cuda.nothing: not in Chainer's public reference\n"
      "train.py: 2 here, 1 not here, 1 not in Chainer's public reference\n");
  EXPECT_EQ(result.missing, 1);
  EXPECT_EQ(report("x = 1\n", "a.py").text,
            "a.py: 0 here, 0 not here, 0 not in Chainer's public reference\n");
}

TEST(Table, HoldsChainersPublicNames) {
  EXPECT_EQ(table().size(), 499u);
  EXPECT_EQ(table().find("chainer.functions.relu")->second.here, "F::relu");
  EXPECT_EQ(parse_table("a\tb\tc\td\n# e\n").find("a.b")->second.note, "d");
}

}  // namespace
}  // namespace chainer_names
