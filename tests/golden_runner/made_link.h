#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "nn/link.h"
#include "nn/size.h"
#include "tests/golden_runner/python.h"
#include "tests/golden_runner/script.h"
#include "tests/golden_runner/table.h"

// How the manifest says a link is made.
namespace golden {

// A link, and what lines of Python do with it.
struct MadeLink {
  std::shared_ptr<nn::Link> link;
  std::function<Scripted(nn::Link&)> use;
};

template <class L, class F>
MadeLink made(std::shared_ptr<L> link, F use) {
  return {std::move(link), [use](nn::Link& l) -> Scripted { return use(dynamic_cast<L&>(l)); }};
}
template <class L, class F>
MadeLink made(L link, F use) {
  return made(std::make_shared<L>(std::move(link)), use);
}
// A link that is called with one variable.
template <class L>
MadeLink of_x(L link, const std::string& name = "x") {
  return made(std::move(link), [name](L& l) {
    return Scripted{.call = [&l, name](Given& g) { return Thing(l(g.x(0, name))); }};
  });
}

using Maker = std::function<MadeLink(Arguments&)>;
using Makers = std::map<std::string, Maker>;
void add_connection_links(Makers& makers);
void add_convolution_links(Makers& makers);
void add_normalization_links(Makers& makers);
void add_recurrent_links(Makers& makers);
void add_loss_links(Makers& makers);
void add_composed_links(Makers& makers);

// The link of an expression such as "L.Linear(4, 3).add_hook(chainer.link_hooks.TimerHook())".
// Throws NotBuilt if there is no such link, and an Error if an argument is not read.
MadeLink make_link(const Expression& e);

// The persistent values of a link by path; an integer is an int64 array.
std::map<std::string, Array> persistents(nn::Link& link);

// None, or the size.
nn::Size size_of(const Value& v);
nn::ShapeOrNone or_none(const std::optional<Shape>& shape);

}  // namespace golden
