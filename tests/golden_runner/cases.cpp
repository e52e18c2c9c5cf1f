#include "tests/golden_runner/cases.h"

#include "autograd/base/error.h"
#include "autograd/functions/math/basic_math.h"
#include "autograd/functions/math/reduction.h"
#include "autograd/graph/backward.h"
#include "autograd/graph/config.h"

namespace golden {

using autograd::Error;

const nn::NpzReader& Store::open(const std::string& file) {
  auto& reader = files_[file];
  if (!reader) reader = std::make_unique<nn::NpzReader>(path(file));
  return *reader;
}

namespace {

autograd::Dtype dtype_named(const std::string& name) {
  using autograd::Dtype;
  for (Dtype dtype :
       {Dtype::bool_, Dtype::uint8, Dtype::int32, Dtype::int64, Dtype::float32, Dtype::float64})
    if (autograd::name(dtype) == name) return dtype;
  throw NotBuilt{name};
}

// Where a gradient can arrive, in the order of the manifest.
struct Place {
  Variable variable;
  std::string grad, gg, grad2;  // names of arrays; empty where there is none
};

class Case {
 public:
  Case(const Value& entry, const Table& table, Store& store, Report& report)
      : entry_(entry), table_(table), store_(store), report_(report) {}

  void run() {
    read_call();
    forward();
    for (const Value& output : entry_["outputs"].items()) add_output(output);
    if (ys_.empty()) {
      entry_["second_order"];
      return;
    }
    first_order();
    if (entry_.keys().end() ==
            std::find(entry_.keys().begin(), entry_.keys().end(), "second_order") ||
        entry_.has("second_order"))
      second_order();
  }

 private:
  Array stored(const std::string& name) const {
    return store_.array(entry_["file"].text(), entry_["name"].text() + "/" + name);
  }
  double tolerance(const std::string& part) const {
    return golden::tolerance(entry_["err32"], part);
  }
  void compare(const std::string& part, const std::string& name, const Array& got,
               const std::string& note = "") const {
    report_.compare(part, name + note, got, stored(name), tolerance(part));
  }

  // The file holds what the manifest says that it holds.
  void expect_stated(const std::string& name, const Array& array, const Value& stated) const {
    Shape shape;
    for (const int n : stated["shape"].integers()) shape.push_back(n);
    const std::string dtype = stated["dtype"].text();
    report_.expect(array.shape() == shape && autograd::name(array.dtype()) == dtype, "file",
                   name + " is " + describe(array) + ", not " + dtype + to_string(shape));
  }

  void read_call() {
    call_.function = entry_["function"].text();
    call_.kwargs = Kwargs(entry_["kwargs"]);
    call_.text = entry_["call"].text("");
    call_.link = entry_["link"].text("");
    for (const Value& output : entry_["outputs"].items())
      call_.output_dtypes.push_back(dtype_named(output["dtype"].text()));
    for (const Value& input : entry_["inputs"].items()) {
      const std::string& name = input["name"].text();
      const std::string role = input["role"].text("input");
      // The function may change its arrays, and those of the file are read again.
      const Array array = stored(name).copy();
      expect_stated(name, array, input);
      if (role == "const") {
        call_.constants[name] = array;
      } else if (role == "param") {
        call_.params[name] = array;
      } else {
        call_.inputs.push_back(Variable(array, {.requires_grad = is_float(array.dtype())}));
        call_.names.push_back(name);
      }
    }
  }

  void forward() {
    const Value& config = entry_["config"];
    for (const std::string& key : config.keys())
      if (key != "train") throw NotBuilt{"config." + key};
    const auto scope = autograd::using_config(&autograd::Config::train, config["train"].flag(true));
    outputs_ = table_.call(call_);

    const std::vector<Value>& outputs = entry_["outputs"].items();
    if (outputs_.size() != outputs.size())
      throw Error("there are " + std::to_string(outputs_.size()) + " outputs where " +
                  std::to_string(outputs.size()) + " are expected");
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      const std::string& name = outputs[i]["name"].text();
      expect_stated(name, stored(name), outputs[i]);
      compare("y", name, outputs_[i].array());
    }
    const Value& after = entry_["after"];
    for (const std::string& name : after.keys()) {
      const std::string& what = after[name].text();
      const auto found = call_.after.find(what);
      compare("y", name, found == call_.after.end() ? call_.constant(what) : found->second);
    }
    std::size_t next = 0;
    for (const Value& input : entry_["inputs"].items()) {
      const std::string role = input["role"].text("input");
      if (role == "const") continue;
      Variable x =
          role == "param" ? call_.variables.at(input["name"].text()) : call_.inputs[next++];
      if (input.has("grad"))
        xs_.push_back({x, input["grad"].text(), input["gg"].text(""), input["grad2"].text("")});
    }
  }

  void add_output(const Value& output) {
    const std::size_t i = next_output_++;
    if (!output.has("gy")) return;
    ys_.push_back(outputs_[i]);
    gys_.push_back({Variable(stored(output["gy"].text())), "", "", output["grad2"].text("")});
  }

  Variables gradients(bool create_graph) const {
    Variables xs, gys;
    for (const Place& x : xs_) xs.push_back(x.variable);
    for (const Place& gy : gys_) gys.push_back(gy.variable);
    Variables gxs =
        grad(ys_, xs, {.create_graph = create_graph, .grad_outputs = gys, .retain_graph = true});
    for (std::size_t i = 0; i < xs_.size(); ++i)
      compare("gx", xs_[i].grad, or_zeros(gxs[i], xs_[i].variable),
              create_graph ? " (recorded)" : "");
    return gxs;
  }
  // No gradient is a gradient of zeros.
  static Array or_zeros(const Variable& g, const Variable& x) {
    return g ? g.array() : Array::zeros(x.shape(), x.dtype());
  }

  // The pass that records no graph runs other loops than the one that does; both must give the
  // same.
  void first_order() const { gradients(false); }

  void second_order() const {
    const Variables gxs = gradients(true);
    Variable s;
    for (std::size_t i = 0; i < xs_.size(); ++i) {
      if (xs_[i].gg.empty() || !gxs[i]) continue;
      const Variable term = sum(gxs[i] * Variable(stored(xs_[i].gg), {.requires_grad = false}));
      s = s ? s + term : term;
    }
    std::vector<Place> places = xs_;
    places.insert(places.end(), gys_.begin(), gys_.end());
    std::erase_if(places, [](const Place& place) { return place.grad2.empty(); });
    if (places.empty()) return;
    Variables targets;
    for (const Place& place : places) targets.push_back(place.variable);
    const Variables g2 = s ? grad({s}, targets) : Variables(targets.size());
    for (std::size_t i = 0; i < places.size(); ++i)
      compare("g2", places[i].grad2, or_zeros(g2[i], targets[i]));
  }

  const Value& entry_;
  const Table& table_;
  Store& store_;
  Report& report_;
  Call call_;
  Variables outputs_, ys_;
  std::vector<Place> xs_, gys_;
  std::size_t next_output_ = 0;
};

}  // namespace

void run_case(const Value& entry, const Table& table, Store& store, Report& report) {
  report.run(entry["name"].text(), [&] {
    Case(entry, table, store, report).run();
    // These are for people; that a gradient is missing says the same as `differentiable`, and what
    // is not finite is compared, too.
    require_all_read(entry, {"group", "note", "edge", "differentiable", "nonfinite",
                             "second_order_why", "outputs_without_gradient"});
  });
}

}  // namespace golden
