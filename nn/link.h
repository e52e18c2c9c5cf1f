#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "nn/parameter.h"

namespace nn {

class Link;

// What a link is made of, as it tells it: see Link::list().
class Members {
 public:
  virtual ~Members() = default;
  Members& operator()(std::string_view name, Parameter& parameter) {
    if (parameter) visit_parameter(name, parameter);
    return *this;
  }
  Members& operator()(std::string_view name, Link& child) {
    visit_link(name, child);
    return *this;
  }
  // Saved with the model, but not trained: running means, counters, texts.
  Members& persistent(std::string_view name, Array& value) { return add(name, &value); }
  Members& persistent(std::string_view name, std::int64_t& value) { return add(name, &value); }
  Members& persistent(std::string_view name, double& value) { return add(name, &value); }
  Members& persistent(std::string_view name, bool& value) { return add(name, &value); }
  Members& persistent(std::string_view name, std::string& value) { return add(name, &value); }

  using Persistent = std::variant<Array*, std::int64_t*, double*, bool*, std::string*>;

 private:
  Members& add(std::string_view name, const Persistent& value) {
    visit_persistent(name, value);
    return *this;
  }
  virtual void visit_parameter(std::string_view, Parameter&) {}
  virtual void visit_link(std::string_view, Link&) {}
  virtual void visit_persistent(std::string_view, const Persistent&) {}
};

struct NamedParameter {
  std::string path;  // "/le1/W"
  Parameter parameter;
};
struct NamedLink {
  std::string path;  // "/le1"; "/" is the link itself
  Link* link;
};

// A piece of a model: a plain value that has its parameters and child links as members, and one
// function that lists them. The listing gives the names, and with them saving, loading, counting
// and training; nothing is registered.
//
//   class MLP : public nn::Chain {
//    public:
//     nn::Linear l1{784, 100}, l2{100, 10};
//     Variable operator()(const Variable& x) { return l2(relu(l1(x))); }
//     void list(nn::Members& m) override { m("l1", l1)("l2", l2); }
//   };
//
// Copying a link copies handles, as assignment does in Python: both have the same parameters.
// copy() and repeat() in nn/copy.h and nn/sequential.h make new ones.
class Link {
 public:
  virtual ~Link() = default;
  virtual void list(Members& members) = 0;

  // All parameters below, in Chainer's order: a link's own by name, then those of its children by
  // name. One that is listed twice has both paths, but stands in params() once.
  std::vector<NamedParameter> namedparams(bool include_uninitialized = true);
  std::vector<Parameter> params(bool include_uninitialized = true);
  // This link and all below.
  std::vector<NamedLink> namedlinks();
  std::vector<NamedLink> children();
  std::int64_t count_params();

  void cleargrads();
  void zerograds();
  // Takes the other link's values, persistent ones too if asked to, each from the same path; or
  // adds its gradients.
  void copyparams(Link& other, bool copy_persistent = true);
  void addgrads(Link& other);

  // Whether optimizers change the parameters below: what disable_update() froze keeps its values
  // and its t. A new Optimizer::setup() enables all again, as Chainer's does. Parameters of no
  // optimizer at all that take part in a loss (a network that was trained before) must be frozen
  // so.
  void enable_update();
  void disable_update();
  // Whether any parameter below has an enabled rule.
  bool update_enabled();
};

// Chainer's name for a link with child links.
using Chain = Link;

}  // namespace nn
