// SPDX-License-Identifier: Apache-2.0
package io.github.caadam.pytorch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * Streams of a GPU, which PyTorch deals by thread. DJL has no call for them, but a program may set
 * its thread's stream, and it stays set when the program has ended.
 */
final class OwnStream {

    /** {@code cuda} is there in PyTorch's builds for CUDA alone. */
    static final String SOURCE =
            """
            def forward(self, x: Tensor) -> Tensor:
              s = __torch__.torch.classes.cuda.Stream(ops.prim.device(x), 0)
              ops.cuda.set_stream(s)
              return torch.clone(x)
            """;

    private OwnStream() {}

    /** Has this thread use a stream of its own; returns the device. */
    static Device use(Device device) {
        try (NDManager manager = Engine.getEngine(PtAccelerator.ENGINE).newBaseManager(device);
                NDArray one = manager.ones(new Shape(1));
                ScriptModule module = ScriptModule.compile(SOURCE, device);
                NDList result = module.run(ScriptModule.Mode.OPTIMIZED, new NDList(one))) {
            return result.head().getDevice();
        }
    }
}
