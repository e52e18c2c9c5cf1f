#include "tests/golden_runner/cases.h"

namespace golden {

void run_optimizers(const Value& manifest, Store&, Report& report) {
  for (const Value& entry : manifest["optimizers"]["cases"].items())
    report.run("optimizers/" + entry["name"].text(), [] { throw NotBuilt{"optimizers"}; });
}

}  // namespace golden
