#include "autograd/base/error.h"
#include "nn/links/loss/black_out.h"
#include "nn/links/loss/crf1d.h"
#include "nn/links/loss/hierarchical_softmax.h"
#include "nn/links/loss/negative_sampling.h"
#include "tests/golden_runner/cases.h"
#include "tests/golden_runner/made_link.h"
#include "tests/golden_runner/made_values.h"

namespace golden {
namespace {

nn::WordTree tree_of(const Value& v) {
  if (!v.is(Value::Kind::list)) return v.integer();
  if (v.items().size() != 2)
    throw autograd::Error("BinaryHierarchicalSoftmax: all inner nodes must have two branches");
  return {tree_of(v.items()[0]), tree_of(v.items()[1])};
}

using Link = nn::BinaryHierarchicalSoftmax;

// ((0, 1), 2), or the tree that Chainer makes of a dictionary.
nn::WordTree tree_of(const Expression& e) {
  if (e.kind != Expression::Kind::call) return tree_of(literal(e));
  if (e.callee() != "create_huffman_tree") throw NotBuilt{e.callee()};
  Arguments a(e);
  const std::vector<Value> turns = a.literal(0, "word_counts").items();
  require_all_read(a);
  std::vector<std::pair<std::int64_t, double>> counts;
  for (std::size_t i = 0; i + 1 < turns.size(); i += 2)
    counts.emplace_back(turns[i].integer(), turns[i + 1].number());
  return Link::create_huffman_tree(counts);
}

std::vector<double> counts_of(const Value& v) {
  std::vector<double> counts;
  for (const Value& count : v.items()) counts.push_back(count.number());
  return counts;
}

autograd::Reduce reduce_of(const std::string& name) {
  for (const auto reduce : {autograd::Reduce::mean, autograd::Reduce::sum, autograd::Reduce::no})
    if (autograd::name(reduce) == name) return reduce;
  throw autograd::Error("manifest: there is no reduce=" + name);
}

}  // namespace

void add_loss_links(Makers& m) {
  m["BlackOut"] = [](Arguments& a) {
    return made(nn::BlackOut(a.integer(0, "in_size", 0), counts_of(a.literal(1, "counts")),
                             a.integer(2, "sample_size", 0)),
                [](nn::BlackOut& l) {
                  Scripted s{.call = [&l](Given& g) { return Thing(l(g.x(0, "x"), g.x(1, "t"))); }};
                  s.assign["sample_data"] = [&l](const Thing& value) {
                    l.sample_data = value.variable.array();
                  };
                  return s;
                });
  };
  m["NegativeSampling"] = [](Arguments& a) {
    nn::NegativeSamplingOptions o;
    o.power = a.number(3, "power", o.power);
    if (const Expression* dtype = a.find(4, "dtype"); dtype && dtype->text != "None")
      o.dtype = dtype_of(*dtype);
    return made(nn::NegativeSampling(a.integer(0, "in_size", 0), counts_of(a.literal(1, "counts")),
                                     a.integer(2, "sample_size", 0), o),
                [](nn::NegativeSampling& l) {
                  return Scripted{.call = [&l](Given& g) {
                    const auto reduce = reduce_of(g.text(2, "reduce", "sum"));
                    if (!g.flag(99, "return_samples"))
                      return Thing(l(g.x(0, "x"), g.x(1, "t"), reduce));
                    const auto both = l.with_samples(g.x(0, "x"), g.x(1, "t"), reduce);
                    return Thing::of({both.loss, autograd::as_variable(both.samples)});
                  }};
                });
  };
  m["CRF1d"] = [](Arguments& a) {
    return made(
        nn::CRF1d(a.integer(0, "n_label", 0), initializer_of(a.find(1, "initial_cost"))),
        [](nn::CRF1d& l) {
          return Scripted{
              .call =
                  [&l](Given& g) {
                    return Thing(l(g.xs(0, "xs"), g.xs(1, "ys"),
                                   reduce_of(g.text(2, "reduce", "mean")), g.flag(3, "transpose")));
                  },
              .methods = {{"argmax", [&l](Given& g) {
                             const auto best = l.argmax(g.xs(0, "xs"), g.flag(1, "transpose"));
                             std::vector<Thing> path;
                             for (const Array& labels : best.path)
                               path.emplace_back(autograd::as_variable(labels));
                             return Thing({Thing(best.score), Thing(path)});
                           }}}};
        });
  };
  m["BinaryHierarchicalSoftmax"] = [](Arguments& a) {
    // The dtype of Chainer's constants, which here have that of x.
    if (const Expression* dtype = a.find(2, "dtype"); dtype) dtype_of(*dtype);
    return made(Link(a.integer(0, "in_size", 0), tree_of(*a.find(1, "tree"))), [](Link& l) {
      return Scripted{.call = [&l](Given& g) { return Thing(l(g.x(0, "x"), g.x(1, "t"))); }};
    });
  };
}

void run_huffman(const Value& facts, Report& report) {
  int number = 0;
  for (const Value& entry : facts["huffman"].items()) {
    report.run("huffman/" + std::to_string(number++), [&] {
      std::vector<std::pair<std::int64_t, double>> counts;
      for (const Value& pair : entry["word_counts"].items())
        counts.emplace_back(pair.items().at(0).integer(), pair.items().at(1).number());
      report.expect(Link::create_huffman_tree(counts) == tree_of(entry["tree"]), "tree",
                    "it is another one");
      require_all_read(entry, {});
    });
  }
}

}  // namespace golden
