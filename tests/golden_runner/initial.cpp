#include <fmt/format.h>

#include <algorithm>

#include "autograd/base/error.h"
#include "autograd/base/random.h"
#include "nn/links/hooks/spectral_normalization.h"
#include "tests/golden_runner/cases.h"
#include "tests/golden_runner/made_link.h"
#include "tests/golden_runner/made_values.h"

// What initializers draw, and links as they are made.
namespace golden {
namespace {

Shape shape_of(const Value& v) {
  Shape shape;
  for (const int n : v.integers()) shape.push_back(n);
  return shape;
}

// Whether two arrays have the same bits, or differ by at most `tolerance`.
void compare_values(Report& report, const std::string& name, const Array& got,
                    const Array& expected, double tolerance) {
  report.compare("values", name, got, expected, tolerance);
}

void compare_next(Report& report, const Array& expected) {
  compare_values(report, "the next random number",
                 Array::scalar(autograd::random::generator().rand()), expected, 0);
}

void seed_with(const Value& seed) {
  autograd::random::seed(static_cast<std::uint32_t>(seed.integer()));
}

constexpr double kDecomposed = 1e-6;  // what hangs on LAPACK, or on the order of a sum

void run_refused(const Value& entry, Report& report) {
  entry["error"], entry["text"];  // Chainer's own words
  bool refused = false;
  const Expression e = parse_python(entry["initializer"].text());
  const Shape shape = shape_of(entry["shape"]);
  try {
    const nn::Initializer initializer = initializer_of(&e);
    initializer(shape, autograd::Dtype::float32);
  } catch (const autograd::Error&) {
    refused = true;
  }
  report.expect(refused, "error", "it is not refused");
}

class InitialCase {
 public:
  InitialCase(const Value& entry, const nn::NpzReader& file, Report& report)
      : entry_(entry), file_(file), report_(report), key_(entry["key"].text()) {}

  void run() {
    seed_with(entry_["seed"]);
    const MadeLink made = make_link(parse_python(entry_["link"].text()));
    nn::Link& link = *made.link;
    if (entry_.has("call")) call(made);
    check_parameters(link);
    check_persistents(link);
    compare_next(report_, stored("next"));
  }

 private:
  Array stored(const std::string& name) const { return file_.array(key_ + "/" + name); }

  // Once, in training, with numbers of another generator.
  void call(const MadeLink& made) const {
    autograd::random::Generator generator(static_cast<std::uint32_t>(entry_["seed"].integer()));
    std::vector<Thing> inputs;
    for (const Value& shape : entry_["call"].items()) {
      Array drawn = Array::empty(shape_of(shape), autograd::Dtype::float64);
      generator.uniform(-1, 1,
                        {drawn.mutable_data<double>(), static_cast<std::size_t>(drawn.size())});
      inputs.emplace_back(Variable(drawn.astype(autograd::Dtype::float32)));
    }
    Given given(std::move(inputs), {});
    made.use(*made.link).call(given);
    given.require_all_read(key_);
  }

  void check_parameters(nn::Link& link) const {
    const std::vector<nn::NamedParameter> found = link.namedparams();
    std::vector<std::string> order;
    for (const nn::NamedParameter& p : found) order.push_back(p.path.substr(1));
    std::vector<std::string> expected_order;
    for (const Value& path : entry_["params_in_order"].items())
      expected_order.push_back(path.text());
    report_.expect(order == expected_order, "params_in_order", "the parameters are others");
    const std::vector<Value>& params = entry_["params"].items();
    report_.expect(found.size() == params.size(), "params", "there are others");
    for (const Value& param : params) {
      const std::string& path = param["path"].text();
      const auto at = std::find(order.begin(), order.end(), path);
      if (at == order.end()) {
        report_.expect(false, "params", "there is no " + path);
        continue;
      }
      const nn::Parameter& p = found[static_cast<std::size_t>(at - order.begin())].parameter;
      if (!param.has("shape")) {
        report_.expect(!p.is_initialized(), path, "it has values already");
        continue;
      }
      const std::string& made = entry_["link"].text();
      const bool is_decomposed =
          made.find("Orthogonal") != std::string::npos ||
          (path == "gamma" && made.find("SpectralNormalization") != std::string::npos);
      check_stated(path, p.is_initialized() ? p.array() : Array(), param, is_decomposed);
    }
  }

  void check_persistents(nn::Link& link) const {
    const std::map<std::string, Array> found = persistents(link);
    const std::vector<Value>& expected = entry_["persistent"].items();
    report_.expect(found.size() == expected.size(), "persistent", "there are others");
    for (const Value& value : expected) {
      const std::string& path = value["path"].text();
      const auto at = found.find(path);
      // Those that a call has computed are sums, and Chainer's differ in the order of terms.
      check_stated(path, at == found.end() ? Array() : at->second, value, entry_.has("call"));
    }
  }

  void check_stated(const std::string& path, const Array& got, const Value& stated_as,
                    bool is_computed) const {
    const Array expected = stored(path);
    report_.expect(expected.shape() == shape_of(stated_as["shape"]) &&
                       autograd::name(expected.dtype()) == stated_as["dtype"].text(),
                   "file", path + " is " + describe(expected));
    compare_values(report_, path, got, expected, is_computed ? kDecomposed : 0);
  }

  const Value& entry_;
  const nn::NpzReader& file_;
  Report& report_;
  std::string key_;
};

// float16 is not among the dtypes of the library.
bool mentions_float16(const Value& v) {
  if (v.is(Value::Kind::text)) return v.text().find("float16") != std::string::npos;
  return std::any_of(v.items().begin(), v.items().end(), mentions_float16);
}

}  // namespace

void run_initializers(const Value& manifest, Store& store, Report& report) {
  const Value& section = manifest["initializers"];
  const std::string file = section["file"].text("initializers.npz");
  for (const Value& entry : section["cases"].items()) {
    const std::string& key = entry["key"].text();
    report.run("initializers/" + key, [&] {
      if (mentions_float16(entry)) throw NotBuilt{"float16"};
      seed_with(entry["seed"]);
      const Expression e = parse_python(entry["initializer"].text());
      const Array got = initializer_of(&e)(
          shape_of(entry["shape"]), dtype_of(parse_python("'" + entry["dtype"].text() + "'")));
      compare_values(report, entry["initializer"].text(), got, store.array(file, key),
                     entry["bits"].flag(true) ? 0 : kDecomposed);
      compare_next(report, store.array(file, key + "/next"));
      require_all_read(entry, {"note"});
    });
  }
  int number = 0;
  for (const Value& entry : section["errors"].items()) {
    report.run(fmt::format("initializers/error{:02}", number++), [&] {
      run_refused(entry, report);
      require_all_read(entry, {"note"});
    });
  }
}

void run_initial(const Value& manifest, Store& store, Report& report) {
  const Value& section = manifest["initial"];
  for (const Value& entry : section["cases"].items())
    report.run("initial/" + entry["key"].text(), [&] {
      if (mentions_float16(entry)) throw NotBuilt{"float16"};
      InitialCase(entry, store.open(section["file"].text("initial.npz")), report).run();
      require_all_read(entry, {"note"});
    });
}

}  // namespace golden
