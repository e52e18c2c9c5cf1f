#include "tests/golden_runner/made_link.h"

#include <algorithm>

#include "autograd/base/error.h"
#include "nn/copy.h"
#include "nn/links/hooks/spectral_normalization.h"
#include "nn/links/hooks/timer.h"
#include "nn/links/hooks/weight_standardization.h"
#include "nn/sequential.h"
#include "tests/golden_runner/made_values.h"
#include "tests/golden_runner/tree.h"

namespace golden {

using autograd::Error;

nn::Size size_of(const Value& v) {
  return v.is(Value::Kind::null) ? nn::Size(nn::None) : nn::Size(v.integer());
}
nn::ShapeOrNone or_none(const std::optional<Shape>& shape) {
  return shape ? nn::ShapeOrNone(*shape) : nn::None;
}

namespace {

// The places of the persistent arrays of a link, and copies of its other values.
class Persistents : public nn::Members {
 public:
  std::map<std::string, Array> values;

 private:
  void visit_link(std::string_view name, nn::Link& child, std::size_t) override {
    const std::string outer = path_;
    path_ += std::string(name) + "/";
    child.visit(*this);
    path_ = outer;
  }
  void visit_persistent(std::string_view name, const Persistent& value) override {
    const std::string path = path_ + std::string(name);
    if (const auto* array = std::get_if<nn::PersistentArray>(&value))
      values[path] = *array->place;
    else if (const auto* integer = std::get_if<nn::PersistentInteger>(&value))
      values[path] = Array::scalar(integer->get());
    else if (const auto* number = std::get_if<nn::PersistentFloat>(&value))
      values[path] = Array::scalar(number->get());
  }
  std::string path_;
};

std::shared_ptr<nn::LinkHook> hook_of(const Expression& e) {
  namespace H = nn::link_hooks;
  Arguments a(e);
  const std::string& name = e.callee();
  std::shared_ptr<nn::LinkHook> hook;
  if (name == "SpectralNormalization") {
    H::SpectralNormalizationOptions o;
    o.n_power_iteration = a.integer(0, "n_power_iteration", o.n_power_iteration);
    o.eps = a.number(1, "eps", o.eps);
    o.use_gamma = a.flag(2, "use_gamma");
    if (const Value factor = a.literal(3, "factor"); !factor.is(Value::Kind::null))
      o.factor = factor.number();
    o.weight_name = a.literal(4, "weight_name").text(o.weight_name);
    o.name = a.literal(5, "name").text(o.name);
    hook = std::make_shared<H::SpectralNormalization>(o);
  } else if (name == "WeightStandardization") {
    H::WeightStandardizationOptions o;
    o.eps = a.number(99, "eps", o.eps);
    o.weight_name = a.literal(99, "weight_name").text(o.weight_name);
    o.name = a.literal(99, "name").text(o.name);
    hook = std::make_shared<H::WeightStandardization>(o);
  } else if (name == "TimerHook") {
    hook = std::make_shared<H::TimerHook>();
  } else {
    throw NotBuilt{name};
  }
  require_all_read(a);
  return hook;
}

nn::CopyMode mode_of(const std::string& text) {
  if (text == "init") return nn::CopyMode::init;
  if (text == "copy") return nn::CopyMode::copy;
  if (text == "share") return nn::CopyMode::share;
  throw Error("manifest: a mode of copying is expected, but there is " + text);
}

Scripted use_sequential(nn::Sequential& s) {
  return {.call = [&s](Given& g) { return Thing(s(g.x(0, "x"))); }};
}

MadeLink repeated(const MadeLink& one, int n, nn::CopyMode mode) {
  if (auto* sequential = dynamic_cast<nn::Sequential*>(one.link.get()))
    return made(sequential->repeat(n, mode), use_sequential);
  nn::Sequential all;
  for (int i = 0; i < n; ++i) all.append(nn::copy(one.link, mode));
  return made(std::move(all), use_sequential);
}

// link.add_hook(...), link.copy('init'), link.repeat(2)
MadeLink changed(const MadeLink& one, const Expression& e) {
  Arguments a(e);
  const std::string& method = e.callee();
  MadeLink result = one;
  if (method == "add_hook") {
    const std::shared_ptr<nn::LinkHook> hook = hook_of(*a.find(0, "hook"));
    one.link->add_hook(hook, a.literal(1, "name").text(""));
  } else if (method == "copy") {
    result.link = nn::copy(one.link, mode_of(a.literal(0, "mode").text("share")));
  } else if (method == "repeat") {
    const int n = a.literal(0, "n_repeat").integer();
    result = repeated(one, n, mode_of(a.literal(1, "mode").text("init")));
  } else {
    throw NotBuilt{"a link's " + method};
  }
  require_all_read(a);
  return result;
}

const Makers& makers() {
  static const Makers all = [] {
    Makers m;
    for (const auto add : {add_connection_links, add_convolution_links, add_normalization_links,
                           add_recurrent_links, add_loss_links, add_composed_links})
      add(m);
    return m;
  }();
  return all;
}

}  // namespace

std::map<std::string, Array> persistents(nn::Link& link) {
  Persistents found;
  link.visit(found);
  return found.values;
}

MadeLink make_link(const Expression& e) {
  if (e.kind != Expression::Kind::call)
    throw Error("manifest: the call that makes a link is expected, but there is something else");
  const Expression& callee = e.parts[0];
  if (callee.kind == Expression::Kind::attribute && callee.parts[0].kind == Expression::Kind::call)
    return changed(make_link(callee.parts[0]), e);
  std::string name = e.callee();  // Linear, or Linear.from_params
  if (callee.kind == Expression::Kind::attribute &&
      callee.parts[0].kind == Expression::Kind::attribute && callee.parts[0].parts[0].text == "L")
    name = callee.parts[0].text + "." + name;
  const auto maker = makers().find(name);
  if (maker == makers().end()) throw NotBuilt{name};
  Arguments arguments(e);
  MadeLink made = maker->second(arguments);
  require_all_read(arguments);
  return made;
}

namespace {

// Gives the link the parameters that the case has stored.
void set_parameters(nn::Link& link, const Call& c) {
  auto found = parameters(link);
  for (const auto& [path, value] : c.params) {
    const auto parameter = found.find(path);
    if (parameter == found.end())
      throw Error(c.function + ": the link must have the parameter " + path + ", but it has not");
    if (!parameter->second.is_initialized()) parameter->second.initialize(value.shape());
    parameter->second.set_array(value);
    c.variables[path] = parameter->second;
  }
  if (found.size() != c.params.size())
    throw Error(c.function +
                ": the link must have as many parameters as Chainer's, but it has others");
}

// The link is made as the manifest says, given the stored parameters, and called.
Variables run_link(const Call& c) {
  if (c.function.starts_with("Batch") && c.text.starts_with("with "))
    throw NotBuilt{c.function +
                   " that is tested first: Chainer's gradient is that of the averages as training "
                   "changed them"};
  const MadeLink made = make_link(parse_python(c.link));
  nn::Link& link = *made.link;
  set_parameters(link, c);
  Scripted scripted = made.use(link);
  scripted.array = [&link](std::string name) {
    std::replace(name.begin(), name.end(), '.', '/');
    const auto all = persistents(link);
    const auto found = all.find(name);
    return found == all.end() ? Array() : found->second;
  };
  const Variables ys = run_script(c, scripted);
  for (auto& [path, value] : persistents(link)) {
    std::string name = "link." + path;
    std::replace(name.begin(), name.end(), '/', '.');
    c.after[name] = value;
  }
  return ys;
}

}  // namespace

void add_links(Table& t) { t.add("link", run_link); }

}  // namespace golden
